import { escapes } from '../../cover.ts';
import { and, type Formula, implies, not, or } from '../../formula/formula.ts';
import type { Demand, Model, Rule } from '../../model/model.ts';
import type { Questions } from '../inquiry.ts';
import type { LintRule } from '../lint-rule.ts';
import { approvalsOf, issued } from '../statements.ts';
import type { Subject } from '../subject.ts';
import { reachable } from './w010-unreachable.ts';

export const deadRule: LintRule = {
  id: 'W009',
  severity: 'error',
  title: 'a dead rule: without it every decision would be the same',
  by: 'prover',
  why: `A permit, forbid or approval that can be deleted without changing any decision says something that is not so, or is a
mistake: it was meant to do something. Rules are taken away from the last to the first, so that of two that say the same the later is
found, and so that all that are found can be deleted together. \`redundant: intended\` says that a permit or forbid repeats another on
purpose; it is then neither found, nor a reason why another is. Guardrails are left out of it: what repeats one is not dead.`,
  help: 'delete it, mend its condition, or say `redundant: intended`',
  good: [
    `policy:
  permit:
    - { id: nightly, when: 'evidence.github.event_name == "schedule"' }
  forbid:
    - id: by-hand
      because: said twice on purpose
      redundant: intended
      when: 'evidence.github.event_name == "workflow_dispatch"'`,
  ],
  bad: [
    `policy:
  permit:
    - { id: nightly, when: 'evidence.github.event_name == "schedule"' }
  forbid:
    - id: by-hand
      because: a run that a person started is not the nightly one
      when: 'evidence.github.event_name == "workflow_dispatch"'`,
  ],
  check: (subject) => {
    const { alone: inquiry } = subject;
    if (!inquiry.plain.possible(issued(inquiry))) return [];
    return [...new Sieve(subject).dead()].map((rule) => ({
      rule,
      message: 'deleting it changes no decision',
    }));
  },
};

/** Takes rules away one by one as long as nothing changes. */
class Sieve {
  readonly #questions: Questions;
  readonly #model: Model;
  readonly #gone: Set<string>;
  readonly #candidates: readonly string[];

  constructor(subject: Subject) {
    const { alone: inquiry, definition } = subject;
    const { permit, forbid } = definition.policy;
    this.#questions = inquiry.plain;
    this.#model = inquiry.model;
    const written = [
      ...permit.map(({ id, redundant }) => ({ id: `policy.permit.${id}`, redundant })),
      ...forbid.map(({ id, redundant }) => ({ id: `policy.forbid.${id}`, redundant })),
      // What cannot be reached is found by another rule.
      ...approvalsOf(inquiry)
        .filter((demand) => reachable(inquiry, demand))
        .map(({ id }) => ({ id, redundant: false })),
    ];
    this.#gone = new Set(written.filter(({ redundant }) => redundant).map(({ id }) => id));
    this.#candidates = written.filter(({ redundant }) => !redundant).map(({ id }) => id);
  }

  dead(): readonly string[] {
    const found = this.#candidates.toReversed().filter((id) => {
      const dead = !this.#changes(id);
      if (dead) this.#gone.add(id);
      return dead;
    });
    return found.toReversed();
  }

  /** Whether some decision is another one without this rule. */
  #changes(id: string): boolean {
    const demand = this.#model.demands.find((each) => each.id === id);
    if (demand !== undefined) return this.#lets(id, [escapes(demand, this.#demands(id))]);
    const { permits, ...rest } = this.#policy(id);
    if (permits === null) return this.#lets(id, []);
    // Without a permit less is let through, unless what it reads was absent and refused.
    return this.#possible([...rest.others, permits.mine, not(permits.others)], '') || this.#lets(id, []);
  }

  /** Whether more is let through without the rule: what it, or being unable to read it, refused. */
  #lets(id: string, more: readonly Formula[]): boolean {
    const { mine, others, permits } = this.#policy(id);
    const broken = or(...mine.map(({ formula }) => not(formula)), ...more);
    return this.#possible([...others, ...(permits === null ? [] : [permits.others]), broken], id);
  }

  #possible(statements: readonly Formula[], without: string): boolean {
    const possible = this.#demands(without).map((each) => implies(each.when, each.possible));
    return this.#questions.possible([...statements, ...possible]);
  }

  #demands(without: string): readonly Demand[] {
    return this.#model.demands.filter(({ id }) => id !== without && !this.#gone.has(id));
  }

  /** The rules of that name, the others that are still there, and where it is a permit, it and the other permits. */
  #policy(id: string): {
    readonly mine: readonly Rule[];
    readonly others: readonly Formula[];
    readonly permits: { readonly mine: Formula; readonly others: Formula } | null;
  } {
    const left = this.#model.rules.filter((rule) => !this.#gone.has(rule.id));
    const mine = left.filter((rule) => rule.id === id);
    const others = left.filter((rule) => rule.id !== id && rule.id !== 'policy.permit');
    const alternatives = (left.find((rule) => rule.id === 'policy.permit')?.alternatives ?? []).filter(
      (each) => !this.#gone.has(each.id),
    );
    const permit = alternatives.find((each) => each.id === id);
    const rest = or(...alternatives.filter((each) => each.id !== id).map(({ formula }) => formula));
    return {
      mine,
      others: [...others.map(({ formula }) => formula), ...(permit === undefined ? [rest] : [])],
      permits: permit === undefined ? null : { mine: and(permit.formula), others: rest },
    };
  }
}
