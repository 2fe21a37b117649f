import type { FlowDefinition } from '@writ/flow';
import { isSelfContained } from '../model/demands.ts';
import { unusedFor } from '../model/later-rules.ts';
import type { PersonFlag } from '../model/model.ts';
import * as names from '../model/names.ts';
import type { Act } from './people.ts';
import type { Scene } from './scene.ts';

/** What a credential is made of, and what has happened to it when it is used. Times are in seconds. */
export interface Later {
  readonly kind: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** where it is */
  readonly delivery: string;
  readonly humanVisible: boolean;
  /** paths whose addresses it is used from */
  readonly inside: readonly string[];
  /** fields whose limits its use does not keep to */
  readonly beyond: readonly string[];
  readonly activationDelay: number;
  readonly confirmations: readonly Pick<Act, 'from' | 'flags'>[];
  /** which exclusions resolve to somebody */
  readonly known: readonly PersonFlag[];
  readonly renewed: boolean;
  readonly leftAtRenewal: number;
  readonly recovered: boolean;
  readonly sinceReview: number;
  readonly sinceRotation: number;
  readonly sinceSuperseded: number;
  readonly sinceUse: number;
  readonly events: readonly string[];
}

/**
 * Whether a credential of this flow is usable in that state. `decide` answers until it is issued; nothing at run time yet
 * answers for what follows as one function, so this one states what the definition says of delivery, activation and life.
 * It reads the definition and shares nothing with the formulas.
 */
export function holdsAt(flow: FlowDefinition<unknown>, later: Later): boolean {
  return madeSo(flow, later) && activated(flow, later) && alive(flow, later);
}

function madeSo(
  { issues, generate, request, bind, deliver }: FlowDefinition<unknown>,
  later: Later,
): boolean {
  const kept = Object.entries(request.fields).every(
    ([name, { inToken }]) => !inToken || !later.beyond.includes(name),
  );
  const written = Object.entries(generate.parameters).every(([name, value]) => {
    const is = later.parameters[name];
    if (name === 'key-attestation' && value !== 'required') return true;
    return is !== undefined && (typeof value === 'string' ? value === is : value.includes(is));
  });
  const closed = Object.keys(later.parameters).every(
    (name) => name === 'key-attestation' || Object.hasOwn(generate.parameters, name),
  );
  return (
    later.kind === issues &&
    kept &&
    written &&
    closed &&
    (bind.source === null || later.inside.includes(bind.source.cidr)) &&
    deliver.to.includes(later.delivery) &&
    (deliver.humanVisible === 'allowed' || !later.humanVisible)
  );
}

function activated({ activate, issues, request }: FlowDefinition<unknown>, later: Later): boolean {
  if (activate.when === 'issued') return true;
  const by = activate.by ?? 'owner';
  const within = later.activationDelay <= (activate.within ?? 0);
  if (activate.when === 'proven')
    return within && later.confirmations.some(({ from }) => from === `probe ${by}`);
  // Where the confirmation withholds signing, `decide` has seen to it.
  if (isSelfContained(issues)) return true;
  const excluded = activate.not.map((word): readonly PersonFlag[] => {
    if (word !== 'requester') return word === 'owner' ? ['owner'] : ['actor'];
    return 'from' in request.by ? ['asker'] : ['owner', 'actor'];
  });
  const known = excluded.every((flags) => flags.some((each) => later.known.includes(each)));
  const wanted = by === 'owner' ? 'owner' : `named ${by}`;
  return (
    within &&
    known &&
    later.confirmations.some(
      ({ from, flags }) => from === wanted && !flags.some((each) => excluded.flat().includes(each)),
    )
  );
}

function alive({ lifecycle }: FlowDefinition<unknown>, later: Later): boolean {
  const upTo = (value: number, most: number | null): boolean => most === null || value <= most;
  const renewal = !later.renewed || (lifecycle.renewable && upTo(later.leftAtRenewal, lifecycle.renewWindow));
  const ended = lifecycle.revokeOn.some((event) => {
    const unused = unusedFor(event);
    return unused === null ? later.events.includes(event) : later.sinceUse > unused;
  });
  return (
    renewal &&
    !ended &&
    (lifecycle.recover !== 'none' || !later.recovered) &&
    upTo(later.sinceReview, lifecycle.reviewEvery) &&
    upTo(later.sinceRotation, lifecycle.rotateEvery) &&
    upTo(later.sinceSuperseded, lifecycle.overlap)
  );
}

/** What follows in a counter-example. */
export function laterOf(scene: Scene, acts: readonly Act[]): Later {
  const { assignment, vocabulary } = scene;
  const { LATER } = names;
  const attributes = vocabulary.all().map(({ name }) => name);
  const after = (prefix: string): readonly string[] =>
    attributes.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  const definitions = [scene.old, scene.new].map(({ flow }) => flow.definition);
  const parameters = after('generate.').flatMap((name): [string, string][] => {
    const value = assignment.get(names.parameterAttribute(name));
    return typeof value === 'string' ? [[name, value]] : [];
  });
  const known: readonly (readonly [PersonFlag, boolean])[] = [
    ['owner', assignment.flag(names.OWNER_KNOWN) || assignment.flag(names.DEPUTY_KNOWN)],
    ['asker', attributes.some((name) => name.endsWith('.person') && assignment.flag(name))],
    ['actor', attributes.some((name) => name.endsWith('.actor') && assignment.flag(name))],
  ];
  return {
    kind: assignment.text(LATER.kind, definitions[1]?.issues ?? ''),
    parameters: Object.fromEntries(parameters),
    delivery: assignment.text(LATER.delivery, ''),
    humanVisible: assignment.flag(LATER.humanVisible),
    inside: after('inside ').filter((path) => assignment.flag(names.insideAttribute(path))),
    beyond: after('beyond ').filter((name) => assignment.flag(names.beyondAttribute(name))),
    activationDelay: assignment.number(LATER.activationDelay, 0),
    confirmations: acts
      .filter(({ stage }) => stage === 'activate')
      .map(({ from, flags }) => ({ from, flags })),
    known: known.filter(([, is]) => is).map(([name]) => name),
    renewed: assignment.flag(LATER.renewed),
    leftAtRenewal: assignment.number(LATER.leftAtRenewal, 0),
    recovered: assignment.flag(LATER.recovered),
    sinceReview: assignment.number(LATER.sinceReview, 0),
    sinceRotation: assignment.number(LATER.sinceRotation, 0),
    sinceSuperseded: assignment.number(LATER.sinceSuperseded, 0),
    sinceUse: assignment.number(LATER.sinceUse, 0),
    events: after('event.').filter((event) => assignment.flag(names.eventAttribute(event))),
  };
}
