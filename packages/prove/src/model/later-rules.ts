import type { Stage } from '@writ/core';
import { and, atMost, atom, FALSE, type Formula, flag, not, oneOf, or } from '../formula/formula.ts';
import type { Rule } from './model.ts';
import * as names from './names.ts';
import { parameterPaths } from './policy-rules.ts';
import type { Scope } from './scope.ts';

const { LATER } = names;

/** Generation, binding, delivery and what follows: what the credential is and what may become of it. */
export function laterRules(scope: Scope): readonly Rule[] {
  return [...generateRules(scope), ...bindRules(scope), ...deliverRules(scope), ...lifecycleRules(scope)];
}

function generateRules(scope: Scope): readonly Rule[] {
  const { issues, generate } = scope.side.flow.definition;
  const { flow } = scope.side;
  const looked = parameterPaths(flow).map(([id, path]) => {
    const found = scope.resolve(path.split('.'));
    const there = found.kind === 'text' && found.attribute !== '';
    const formula = there ? and(found.present, not(oneOf(found.attribute, ['']))) : FALSE;
    return rule('generate', id, formula);
  });
  const others = scope.vocabulary
    .all()
    .filter(({ name }) => name.startsWith('generate.'))
    .map(({ name }) => name.slice('generate.'.length))
    .filter((name) => !Object.hasOwn(generate.parameters, name));
  return [
    ...looked,
    rule('generate', 'issues', oneOf(LATER.kind, [issues])),
    ...Object.entries(generate.parameters).map(([name, value]) =>
      rule('generate', `generate.${name}`, parameter(name, value)),
    ),
    // A key that need not be attested may still be; any other parameter that is not there is not there.
    ...others
      .filter((name) => name !== 'key-attestation')
      .map((name) =>
        rule(
          'generate',
          `generate.${name}`,
          not(atom({ test: 'present', of: names.parameterAttribute(name) })),
        ),
      ),
  ];
}

/** A list allows each of its entries: a certificate for two usages can be used for either. */
function parameter(name: string, value: string | readonly string[]): Formula {
  const of = names.parameterAttribute(name);
  if (name === 'key-attestation' && value !== 'required') return not(FALSE);
  return oneOf(of, typeof value === 'string' ? [value] : value);
}

function bindRules(scope: Scope): readonly Rule[] {
  const { bind } = scope.side.flow.definition;
  const repeated = scope.proofs
    .filter(({ anchor }) => scope.side.around.anchors.get(anchor)?.replay === 'first-key')
    .map((proof) => presented(scope, names.slotOf(proof)));
  return [
    rule('bind', 'bind.pop', oneOf(names.BINDING, bind.pop)),
    rule('bind', 'proof.replay', or(not(or(...repeated)), not(oneOf(names.BINDING, ['none'])))),
    ...(bind.source === null
      ? []
      : [rule('bind', 'bind.source', flag(names.insideAttribute(bind.source.cidr)))]),
  ];
}

/** Evidence is put before a flow that asks for it, unless it is too weak to help. */
function presented(scope: Scope, slot: string): Formula {
  const strong = scope.proofs
    .filter((proof) => names.slotOf(proof) === slot)
    .map((proof) => scope.standing(proof).get('proof.min-assurance') ?? FALSE);
  return and(atom({ test: 'present', of: names.evidenceAge(slot) }), or(...strong));
}

function deliverRules(scope: Scope): readonly Rule[] {
  const { to, humanVisible } = scope.side.flow.definition.deliver;
  return [
    rule('deliver', 'deliver.to', oneOf(LATER.delivery, to)),
    ...(humanVisible === 'never'
      ? [rule('deliver', 'deliver.human-visible', flag(LATER.humanVisible, false))]
      : []),
  ];
}

function lifecycleRules(scope: Scope): readonly Rule[] {
  const { lifecycle } = scope.side.flow.definition;
  const { renewable, renewWindow, rotateEvery, overlap, reviewEvery, recover, revokeOn } = lifecycle;
  const bounds = [
    ['renew-window', LATER.leftAtRenewal, renewWindow],
    ['rotate-every', LATER.sinceRotation, rotateEvery],
    ['overlap', LATER.sinceSuperseded, overlap],
    ['review-every', LATER.sinceReview, reviewEvery],
  ] as const;
  const window = (name: string, bound: Formula): Formula =>
    name === 'renew-window' ? or(not(flag(LATER.renewed)), bound) : bound;
  return [
    ...(renewable ? [] : [lifecycleRule('renewable', not(flag(LATER.renewed)))]),
    ...bounds.flatMap(([name, of, most]) =>
      most === null ? [] : [lifecycleRule(name, window(name, atMost(of, most)))],
    ),
    ...(recover === 'none' ? [lifecycleRule('recover', not(flag(LATER.recovered)))] : []),
    ...revokeOn.map((event) => lifecycleRule(`revoke-on.${event}`, endedBy(event))),
  ];
}

function endedBy(event: string): Formula {
  const unused = unusedFor(event);
  return unused === null ? flag(names.eventAttribute(event), false) : atMost(LATER.sinceUse, unused);
}

const UNITS: Readonly<Record<string, number>> = { d: 86_400, h: 3_600, m: 60 };

/** Seconds of `unused-for-30d`, or null for an event. */
export function unusedFor(event: string): number | null {
  const match = /^unused-for-(\d+)([dhm])$/.exec(event);
  return match === null ? null : Number(match[1]) * (UNITS[match[2] ?? ''] ?? 0);
}

function rule(stage: Stage, id: string, formula: Formula): Rule {
  return { stage, id, formula };
}

function lifecycleRule(name: string, formula: Formula): Rule {
  return rule('lifecycle', `lifecycle.${name}`, formula);
}
