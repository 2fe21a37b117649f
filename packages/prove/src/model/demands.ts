import { compileCondition } from '../formula/compile-condition.ts';
import { and, atMost, FALSE, type Formula, flag, implies, or, TRUE } from '../formula/formula.ts';
import type { Demand, PersonFlag, Rule, Who } from './model.ts';
import * as names from './names.ts';
import type { Scope } from './scope.ts';

/** Kinds that are active as soon as they exist: a confirmation withholds their signing, and `decide` sees to it. */
const SELF_CONTAINED: ReadonlySet<string> = new Set(['token', 'x509', 'ssh']);

export function isSelfContained(issues: string): boolean {
  return SELF_CONTAINED.has(issues);
}

/** Approvals and activation: what other people must have done, and until when it counts. */
export function demandsOf(scope: Scope): { rules: readonly Rule[]; demands: readonly Demand[] } {
  const approvals = approvalDemands(scope);
  const activation = activationDemand(scope);
  return {
    rules: [...approvals.rules, ...activation.rules],
    demands: [...approvals.demands, ...activation.demands],
  };
}

function approvalDemands(scope: Scope): { rules: readonly Rule[]; demands: readonly Demand[] } {
  const rules: Rule[] = [];
  const demands = scope.side.flow.definition.approval.map((rule): Demand => {
    const { holds, fails, total } = compileCondition(rule.when.expression, scope.resolve);
    const id = `approval.${rule.id}`;
    const { from, count, factor, not } = rule.require;
    if (!total) rules.push({ stage: 'approval', id, formula: or(holds, fails) });
    rules.push({ stage: 'approval', id, formula: implies(holds, atMost(names.RUN_AGE, rule.expires)) });
    const who: Who = {
      from: from === 'owner' ? 'owner' : fromSlot(scope, from),
      without: flagsOf(scope, not),
      factor,
      fresh: rule.reuse === 'none',
    };
    const possible = and(
      TRUE,
      exists(scope, from, count),
      ...not.map((word) => resolves(scope, word)),
      excludesAll(who) ? FALSE : TRUE,
    );
    return {
      stage: 'approval',
      id,
      when: holds,
      who,
      count,
      possible,
      most: most(scope),
      known: knownFlags(scope),
    };
  });
  return { rules, demands };
}

/** Which person flags everybody behind `from` has. */
export function flagsBehind(from: string): readonly PersonFlag[] {
  if (from === 'owner') return ['owner'];
  return from.startsWith('evidence ') ? ['asker'] : [];
}

export function excludesAll({ from, without }: Who): boolean {
  return flagsBehind(from).some((each) => without.includes(each));
}

/** `proof:person` is the person whom the evidence of that proof is about, whatever the proof is called. */
function fromSlot(scope: Scope, from: string): string {
  const proof = scope.proofs.find(({ id }) => `proof:${id}` === from);
  return proof === undefined ? from : names.slotOf(proof);
}

function exists(scope: Scope, from: string, count: number): Formula {
  if (from === 'owner') return flag(names.OWNER_KNOWN);
  if (!from.startsWith('proof:')) return TRUE;
  const proof = scope.proofs.find(({ id }) => `proof:${id}` === from);
  if (proof === undefined || count > 1) return FALSE;
  return and(scope.accepted(proof), flag(names.evidencePerson(names.slotOf(proof))));
}

/** The flags a word of `not` excludes. Of a machine's run the requester is its owners and its actor; of a person's, that person. */
function flagsOf(scope: Scope, words: readonly string[]): readonly PersonFlag[] {
  const people = 'from' in scope.side.flow.definition.request.by;
  const flags = words.flatMap((word): readonly PersonFlag[] => {
    if (word === 'owner') return ['owner'];
    if (word === 'actor') return ['actor'];
    if (word === 'author') return ['asker'];
    if (word !== 'requester') return [];
    return people ? ['asker'] : ['owner', 'actor'];
  });
  return [...new Set(flags)].sort();
}

/** When anybody has a flag: whom evidence names counts where it is accepted. */
function knownFlags(scope: Scope): Demand['known'] {
  const named = (proofs: Scope['proofs'], of: (slot: string) => string): Formula =>
    or(...proofs.map((proof) => and(scope.accepted(proof), flag(of(names.slotOf(proof))))));
  return {
    owner: or(flag(names.OWNER_KNOWN), flag(names.DEPUTY_KNOWN)),
    actor: named(withActor(scope), names.evidenceActor),
    asker: named(scope.proofs, names.evidencePerson),
  };
}

/** An exclusion that resolves to nobody leaves the demand unsatisfiable. */
function resolves(scope: Scope, word: string): Formula {
  const { owner, actor, asker } = knownFlags(scope);
  switch (word) {
    case 'owner':
      return owner;
    case 'actor':
      return actor;
    case 'author':
      return asker;
    case 'requester':
      return 'from' in scope.side.flow.definition.request.by
        ? asker
        : and(or(owner, actor), ...actorsLinked(scope));
    default:
      return FALSE;
  }
}

/**
 * Whoever started what accepted evidence speaks of is somebody: an unknown one could be any approver. Where any one proof is
 * enough, one that speaks of nobody unknown is enough.
 */
function actorsLinked(scope: Scope): readonly Formula[] {
  const speaking = withActor(scope);
  const linked = (proof: Scope['proofs'][number]): Formula =>
    speaking.includes(proof) ? flag(names.evidenceActor(names.slotOf(proof))) : TRUE;
  if (scope.side.flow.definition.proof.mode === 'any')
    return [or(...scope.proofs.map((proof) => and(scope.accepted(proof), linked(proof))))];
  return speaking.map((proof) => implies(scope.accepted(proof), linked(proof)));
}

function withActor({ proofs, side }: Scope): Scope['proofs'] {
  return proofs.filter(({ anchor }) => (side.around.anchors.get(anchor)?.actor ?? null) !== null);
}

function most(scope: Scope): Demand['most'] {
  return { actor: withActor(scope).length, asker: scope.proofs.length };
}

/** `issued` demands nothing. A probe is somebody else than any person, so that it and a confirmation never stand for each other. */
function activationDemand(scope: Scope): { rules: readonly Rule[]; demands: readonly Demand[] } {
  const { activate, issues } = scope.side.flow.definition;
  if (activate.when === 'issued') return { rules: [], demands: [] };
  const by = activate.by ?? 'owner';
  const decided = activate.when === 'confirmed' && isSelfContained(issues);
  const delay = decided ? names.RUN_AGE : names.LATER.activationDelay;
  const rules: Rule[] = [
    { stage: 'activate', id: 'activate.within', formula: atMost(delay, activate.within ?? 0) },
  ];
  const base = {
    stage: 'activate',
    id: 'activate',
    when: TRUE,
    count: 1,
    most: most(scope),
    known: knownFlags(scope),
  } as const;
  if (activate.when === 'proven') {
    const who: Who = { from: `probe ${by}`, without: [], factor: null, fresh: true };
    return { rules, demands: [{ ...base, who, possible: TRUE }] };
  }
  const who: Who = {
    from: by === 'owner' ? 'owner' : `named ${by}`,
    without: flagsOf(scope, activate.not),
    factor: null,
    fresh: true,
  };
  const known = by === 'owner' ? flag(names.OWNER_KNOWN) : decided ? FALSE : TRUE;
  const possible = and(
    known,
    ...activate.not.map((word) => resolves(scope, word)),
    excludesAll(who) ? FALSE : TRUE,
  );
  return { rules, demands: [{ ...base, who, possible }] };
}
