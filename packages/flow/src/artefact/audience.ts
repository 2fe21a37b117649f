import { POPS, type Pop } from '../definition/definition.ts';
import { name, owner, resource } from '../definition/names.ts';
import {
  choice,
  dictionary,
  list,
  object,
  optional,
  refine,
  required,
  type Shape,
  text,
} from '../document/shape.ts';

export type PublicJwk = Readonly<Record<string, string>>;

/** A resource that credentials may be for. `introspection` names the client its resource server authenticates as. */
export interface Audience {
  readonly uri: string;
  readonly owner: string;
  /** the bindings its resource server is declared to enforce */
  readonly enforces: readonly Pop[];
  readonly introspection: { readonly client: string; readonly keys: readonly PublicJwk[] } | null;
}

/** Members that only a private or symmetric key has (RFC 7518 §6). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** A public key with its `kid`; a private or symmetric member is an error. */
export const publicJwk: Shape<PublicJwk> = refine(
  dictionary(/^[a-z0-9#S_]{1,12}$/i, text),
  (value, node, report) => {
    const leaked = PRIVATE_MEMBERS.find((member) => Object.hasOwn(value, member));
    if (leaked !== undefined)
      report(node.at, `a public key has no member \`${leaked}\`; put only the public key here`);
    if (value['kid'] === undefined) report(node.at, '`kid` is missing');
    return value;
  },
);

const audience: Shape<Audience> = object({
  uri: required(resource),
  owner: required(owner),
  enforces: required(list(choice(POPS))),
  introspection: optional(object({ client: required(name), keys: required(list(publicJwk)) }), null),
});

export const audiencesShape: Shape<readonly Audience[]> = refine(
  object({ writ: required(choice(['audiences/v1'])), audiences: required(list(audience)) }),
  (value) => value.audiences,
);
