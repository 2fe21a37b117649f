import type { Evidence, Identity, Person } from '@writ/core';
import { flagsBehind } from '../model/demands.ts';
import type { Demand, PersonFlag, Who } from '../model/model.ts';
import * as names from '../model/names.ts';
import type { Scene } from './scene.ts';

/** What one person did: approved all that they were asked for, or confirmed the activation. */
export interface Act {
  readonly stage: Demand['stage'];
  readonly person: string;
  /** whom they were asked as, and what else they are */
  readonly from: string;
  readonly flags: readonly PersonFlag[];
  readonly factor: string;
  readonly reuse: 'fresh' | 'standing';
}

interface Draft {
  readonly id: string;
  readonly subjects: Set<string>;
  readonly groups: Set<string>;
}

/**
 * The people of a counter-example: those whom evidence is about, the owners where they are known, and as many approvers as
 * the new flow demands, of a kind that does not count for what must stay unmet.
 */
export function peopleOf(
  scene: Scene,
  identity: Identity,
  evidence: readonly Evidence[],
): { people: readonly Person[]; acts: readonly Act[] } {
  const cast = new Cast(scene, identity, evidence);
  const acts = scene.demands.flatMap((demand, i) => cast.actsFor(demand, i));
  return { people: cast.people(), acts };
}

class Cast {
  readonly #scene: Scene;
  readonly #identity: Identity;
  readonly #drafts = new Map<string, Draft>();
  readonly #bySlot = new Map<string, Draft>();
  readonly #actors: Draft[] = [];

  constructor(scene: Scene, identity: Identity, evidence: readonly Evidence[]) {
    this.#scene = scene;
    this.#identity = identity;
    evidence.forEach((each, i) => this.#behind(each, i));
    const { assignment } = scene;
    if (assignment.flag(names.OWNER_KNOWN)) this.#draft('user:owner').groups.add(identity.owner);
    if (assignment.flag(names.DEPUTY_KNOWN)) this.#draft('user:deputy').groups.add(identity.deputy);
  }

  people(): readonly Person[] {
    return [...this.#drafts.values()].map(({ id, subjects, groups }) => ({
      id,
      subjects: [...subjects],
      groups: [...groups],
    }));
  }

  actsFor(demand: Demand, index: number): readonly Act[] {
    const { who, count } = demand;
    if (who.from === 'owner' && !this.#scene.assignment.flag(names.OWNER_KNOWN)) return [];
    const plan = this.#planFor(demand);
    const limit = plan.flag === null ? 0 : (demand.most[plan.flag] ?? count);
    return Array.from({ length: count }, (_, i): Act => {
      const flag = i < limit ? plan.flag : null;
      const person = this.#personFor(who.from, flag, `${index + 1}-${i + 1}`);
      const flags = [...flagsBehind(who.from), ...(flag === null ? [] : [flag])];
      return {
        stage: demand.stage,
        person: person.id,
        from: who.from,
        flags,
        factor: plan.factor,
        reuse: plan.reuse,
      };
    });
  }

  /** How somebody can meet `demand` without counting for what must stay unmet. */
  #planFor({ who, stage }: Demand): { factor: string; reuse: Act['reuse']; flag: PersonFlag | null } {
    const plan = { factor: who.factor ?? 'webauthn', reuse: 'fresh' as const, flag: null };
    const { unmet } = this.#scene;
    if (unmet === null || unmet.stage !== stage || !counts(who, plan.factor, unmet.who)) return plan;
    if (who.factor === null && unmet.who.factor !== null) return { ...plan, factor: 'password' };
    if (!who.fresh && unmet.who.fresh) return { ...plan, reuse: 'standing' };
    // Whoever evidence is about is one person, so that all who ask for them must agree on what they are.
    const excluded = this.#scene.demands
      .filter((each) => each.who.from === who.from && who.from.startsWith('evidence '))
      .flatMap((each) => each.who.without);
    const flag = unmet.who.without
      .filter((each) => !who.without.includes(each) && !excluded.includes(each))
      .find((each) => this.#there(each));
    return { ...plan, flag: flag ?? null };
  }

  #there(flag: PersonFlag): boolean {
    const { assignment } = this.#scene;
    if (flag === 'actor') return this.#actors.length > 0;
    if (flag === 'asker') return this.#bySlot.size > 0;
    return assignment.flag(names.OWNER_KNOWN) || assignment.flag(names.DEPUTY_KNOWN);
  }

  #personFor(from: string, flag: PersonFlag | null, label: string): Draft {
    const known = this.#bySlot.get(from) ?? (flag === 'actor' ? this.#actors[0] : undefined);
    const asker = flag === 'asker' ? [...this.#bySlot.values()][0] : undefined;
    const person = known ?? asker ?? this.#draft(`user:approver-${label}`);
    const owned = this.#scene.assignment.flag(names.OWNER_KNOWN)
      ? this.#identity.owner
      : this.#identity.deputy;
    if (from === 'owner' || flag === 'owner') person.groups.add(owned);
    if (from.startsWith('group:')) person.groups.add(from);
    if (flag === 'actor') for (const subject of this.#actors[0]?.subjects ?? []) person.subjects.add(subject);
    return person;
  }

  /** The persons whom evidence is about and who started what it speaks of, where they are known. */
  #behind(evidence: Evidence, i: number): void {
    const { assignment, new: fresh, old } = this.#scene;
    const slot = names.slotOf(evidence);
    const id = evidence.claims['subject'] ?? evidence.claims['sub'];
    if (assignment.flag(names.evidencePerson(slot)) && typeof id === 'string') {
      const person = this.#draft(`user:asker-${i + 1}`);
      person.subjects.add(`${evidence.issuer}#${id}`);
      this.#bySlot.set(slot, person);
      for (const side of [old, fresh]) {
        const { by } = side.flow.definition.request;
        if ('from' in by && assignment.flag(names.evidenceMember(slot, by.from))) person.groups.add(by.from);
      }
    }
    const claim =
      (fresh.around.anchors.get(evidence.anchor) ?? old.around.anchors.get(evidence.anchor))?.actor ?? null;
    const actor = claim === null ? undefined : evidence.claims[claim];
    if (assignment.flag(names.evidenceActor(slot)) && typeof actor === 'string') {
      const person = this.#draft(`user:starter-${i + 1}`);
      person.subjects.add(`${evidence.issuer}#${actor}`);
      this.#actors.push(person);
    }
  }

  #draft(id: string): Draft {
    const draft = this.#drafts.get(id) ?? { id, subjects: new Set(), groups: new Set() };
    this.#drafts.set(id, draft);
    return draft;
  }
}

/** Whether somebody who meets `who` in the plainest way would count for `other` as well. */
function counts(who: Who, factor: string, other: Who): boolean {
  return (
    who.from === other.from &&
    !flagsBehind(who.from).some((flag) => other.without.includes(flag)) &&
    (other.factor === null || other.factor === factor)
  );
}
