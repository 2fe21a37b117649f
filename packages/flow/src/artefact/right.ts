import { name, owner, resource, scope } from '../definition/names.ts';
import {
  choice,
  duration,
  flag,
  instant,
  list,
  object,
  optional,
  refine,
  required,
  type Shape,
  text,
  whole,
} from '../document/shape.ts';

/** Who may mint what for which audience through which flow (`writ: rights/v1`). Lives in seconds, `expires` in milliseconds. */
export interface Right {
  readonly id: string;
  readonly owner: string;
  /** why this right exists and who granted it */
  readonly authority: string;
  readonly identity: string;
  readonly flow: string;
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly maxTtl: number;
  readonly expires: number;
  /** how a credential minted under it is revoked */
  readonly revocation: 'introspection';
  readonly suspended: boolean;
  readonly budget: {
    readonly rate: { readonly max: number; readonly per: number } | null;
    readonly live: number | null;
  };
}

const budget = object({
  rate: optional(object({ max: required(whole(1, 1_000_000_000)), per: required(duration) }), null),
  live: optional(whole(1, 1_000_000_000), null),
});

const right: Shape<Right> = refine(
  object({
    id: required(name),
    owner: required(owner),
    authority: required(text),
    identity: required(name),
    flow: required(name),
    audience: required(resource),
    scopes: required(list(scope)),
    'max-ttl': required(duration),
    expires: required(instant),
    revocation: required(choice(['introspection'])),
    suspended: optional(flag, false),
    budget: optional(budget, { rate: null, live: null }),
  }),
  ({ 'max-ttl': maxTtl, ...rest }) => ({ ...rest, maxTtl }),
);

export const rightsShape: Shape<readonly Right[]> = refine(
  object({ writ: required(choice(['rights/v1'])), rights: required(list(right)) }),
  (value, node, report) => {
    const taken = new Set<string>();
    for (const { identity, audience, flow } of value.rights) {
      const key = `${identity} ${audience} ${flow}`;
      if (taken.has(key))
        report(node.at, `two rights for identity ${identity}, audience ${audience} and flow ${flow}`);
      taken.add(key);
    }
    return value.rights;
  },
);
