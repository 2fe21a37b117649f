import { formatDuration } from '@writ/core';
import type { ArtefactSet } from '../artefact/artefact-set.ts';
import type { CompiledFlow } from '../artefact/compile-flow.ts';
import type {
  ActivateDefinition,
  ApprovalRule,
  Condition,
  FlowDefinition,
  LifecycleDefinition,
  Match,
  ProofDefinition,
} from '../definition/definition.ts';
import { phrase } from './phrase.ts';

type Flow = FlowDefinition<Condition>;
type Names = Pick<ArtefactSet, 'groups' | 'anchors'>;

const TIERS = ['the control plane itself', 'production access', 'bounded production', 'test'] as const;
const ASSURANCE = ['', 'asserted', 'signed', 'hardware-bound'] as const;

/** A flow in plain language, one page: what a reviewer reads beside the definition. Ends with a newline. */
export function describeFlow({ definition: flow, hash }: CompiledFlow, set: Names): string {
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['WHO MAY ASK', asks(flow, set)],
    ['WHAT MUST BE PROVEN', proofs(flow, set)],
    ['ISSUED IF ANY OF THESE HOLDS', rules(flow.policy.permit, 'nothing is permitted, so nothing is issued')],
    ['NEVER IF ANY OF THESE HOLDS', rules(flow.policy.forbid, 'nothing is forbidden')],
    ['WHO MUST AGREE', approvals(flow, set)],
    ['WHAT IS ISSUED', issued(flow)],
    ['HOW LONG IT LIVES', life(flow.lifecycle)],
  ];
  const head = [
    `${flow.name}   v${flow.version}   sha256:${hash.slice(0, 16)}…`,
    flow.summary,
    `tier ${flow.tier}, ${TIERS[flow.tier]}; owned by ${named(flow.owner, set)}`,
  ];
  const body = sections.flatMap(([title, lines]) => ['', title, ...lines.map((line) => `  ${line}`)]);
  return `${[...head, ...body].map(oneLine).join('\n')}\n`;
}

/** No text of an author can begin a line of its own and pass for one of ours. */
function oneLine(line: string): string {
  return line.replace(/[\r\n\u0085\u2028\u2029]+/g, ' ');
}

function asks({ request, facts }: Flow, set: Names): readonly string[] {
  const who =
    'kinds' in request.by
      ? `an identity of kind ${list(request.by.kinds, 'or')}, for itself`
      : `a person of ${named(request.by.from, set)}`;
  const fields = Object.entries(request.fields).map(([name, field]) => {
    const values = field.oneOf ?? field.subsetOf;
    const bound = values === null ? field.type : `${field.oneOf === null ? 'any' : 'one'} of ${list(values)}`;
    return `  ${name}: ${bound}${field.required ? '' : ', optional'}${field.inToken ? ', in the token' : ''}`;
  });
  const sources = Object.entries(facts).map(
    ([name, fact]) => `  facts.${name} from ${fact.source}, at most ${formatDuration(fact.maxAge)} old`,
  );
  return [
    who,
    `for one of ${list(request.audience)}`,
    `with scopes among ${list(request.scopes)}`,
    `for ${formatDuration(request.ttl.max)} at most, ${formatDuration(request.ttl.default)} where nothing is said`,
    ...(fields.length > 0 ? ['saying', ...fields] : []),
    ...(sources.length > 0 ? ['and these facts must be there, or it is refused', ...sources] : []),
  ];
}

function proofs({ proof }: Flow, set: Names): readonly string[] {
  const how = proof.proofs.length === 1 ? 'this' : proof.mode === 'any' ? 'one of these' : 'all of these';
  const level = `${ASSURANCE[proof.minAssurance]} or better (assurance ${proof.minAssurance})`;
  return [`${how}, ${level}`, ...proof.proofs.flatMap((each) => oneProof(each, set))];
}

function oneProof(proof: ProofDefinition, set: Names): readonly string[] {
  const anchor = set.anchors.get(proof.anchor);
  const from =
    anchor === undefined || anchor.issuer === '' ? proof.anchor : `${proof.anchor} (${anchor.issuer})`;
  const matches = Object.entries(proof.match).map(([claim, match]) => `  ${claim} ${matching(match)}`);
  return [`${proof.id}: ${from}, as ${proof.role}, at most ${formatDuration(proof.maxAge)} old`, ...matches];
}

function matching(match: Match): string {
  if ('exact' in match) return `is ${match.exact}`;
  if ('like' in match) return `looks like ${match.like} (* stays within a segment)`;
  if ('oneOf' in match) return `is one of ${list(match.oneOf)}`;
  if ('sameAs' in match) return `is the same as ${match.sameAs}`;
  return `includes ${match.contains}`;
}

function rules(
  all: readonly { readonly id: string; readonly when: Condition; readonly because?: string }[],
  none: string,
): readonly string[] {
  if (all.length === 0) return [none];
  return all.map(({ id, when, because }) => {
    const why = because === undefined ? '' : ` — ${because}`;
    return `${id}: ${phrase(when.expression)}${why}`;
  });
}

function approvals({ approval, unattended }: Flow, set: Names): readonly string[] {
  const alone = unattended === null ? [] : [`without a person otherwise: ${unattended}`];
  if (approval.length === 0) return ['nobody', ...alone];
  return [...approval.flatMap((rule) => oneApproval(rule, set)), ...alone];
}

function oneApproval(
  { id, when, require, expires, reuse }: ApprovalRule<Condition>,
  set: Names,
): readonly string[] {
  const people = require.count === 1 ? '1 person' : `${require.count} people`;
  const who = require.from.startsWith('proof:')
    ? `the person of proof ${require.from.slice('proof:'.length)}`
    : `${people} of ${named(require.from, set)}`;
  const factor = require.factor === null ? '' : ` with ${require.factor}`;
  const lapse = reuse === 'none' ? '' : `; stands until ${reuse.until}`;
  return [
    `${id}: if ${phrase(when.expression)}`,
    `  ${who}${factor}, ${except(require.not)}, within ${formatDuration(expires)}${lapse}`,
  ];
}

function except(not: readonly string[]): string {
  return not.length === 0 ? 'nobody excluded' : `not the ${list(not, 'or')}`;
}

function issued({ generate, bind, deliver, activate }: Flow): readonly string[] {
  const parameters = Object.entries(generate.parameters).map(
    ([name, value]) => `${name} ${typeof value === 'string' ? value : list(value)}`,
  );
  const bearer = bind.pop.includes('none')
    ? 'whoever holds it can use it'
    : `bound by ${list(bind.pop, 'or')}`;
  const source = bind.source === null ? '' : `, from ${bind.source.cidr} only`;
  const seen = deliver.humanVisible === 'never' ? 'no person ever sees it' : 'people may see it';
  return [
    [generate.kind, ...parameters].join(', '),
    `${bearer}${source}`,
    `delivered to ${list(deliver.to)}; ${seen}`,
    active(activate),
  ];
}

function active({ when, by, not, within }: ActivateDefinition): string {
  if (when === 'issued') return 'usable as soon as it is issued';
  const done = when === 'confirmed' ? `confirmed by ${by}, ${except(not)}` : `proven by ${by}`;
  const limit = within === null ? '' : `, within ${formatDuration(within)} or it is destroyed`;
  return `usable only once ${done}${limit}`;
}

function life(lifecycle: LifecycleDefinition): readonly string[] {
  const { renewable, renewWindow, rotateEvery, overlap, maxLifetime, reviewEvery, recover, revokeOn } =
    lifecycle;
  const window = renewWindow === null ? '' : ` in the last ${formatDuration(renewWindow)}`;
  const both = overlap === null ? '' : `, old and new both live for ${formatDuration(overlap)}`;
  return [
    `${formatDuration(maxLifetime)} at most, ${renewable ? `renewable${window}` : 'not renewable'}`,
    ...(rotateEvery === null ? [] : [`rotated every ${formatDuration(rotateEvery)}${both}`]),
    ...(reviewEvery === null ? [] : [`reviewed every ${formatDuration(reviewEvery)}`]),
    recover === 'none'
      ? 'never recovered: a new one is asked for'
      : 'recovered only after the old one is shown dead; its evidence is kept',
    revokeOn.length === 0 ? 'nothing revokes it by itself' : `revoked on ${list(revokeOn)}`,
  ];
}

/** A group with how many people it has: that is what an approval rests on. */
function named(who: string, set: Names): string {
  const group = set.groups.get(who);
  if (group === undefined) return who;
  return group.claim === null
    ? `${who} (${group.members.length} people)`
    : `${who} (by claim ${group.claim.name})`;
}

function list(items: readonly string[], last = ''): string {
  if (items.length === 0) return 'none';
  if (last === '' || items.length === 1) return items.join(', ');
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`;
}
