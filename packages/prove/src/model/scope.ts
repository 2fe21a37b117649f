import type { ProofDefinition } from '@writ/flow';
import type { Found, Resolve } from '../formula/compile-condition.ts';
import { and, atMost, atom, FALSE, type Formula, not, oneOf, or, TRUE } from '../formula/formula.ts';
import { Unsupported, type Vocabulary } from '../formula/vocabulary.ts';
import type { Side } from './model.ts';
import * as names from './names.ts';
import { foundAttribute, IDENTITY_TYPES, KIND_TYPES, leavesOf, NOWHERE } from './paths.ts';

/** One side's words: what its paths lead to and when its proofs are accepted. */
export class Scope {
  readonly side: Side;
  readonly vocabulary: Vocabulary;
  readonly #accepted = new Map<string, Formula>();

  constructor(side: Side, vocabulary: Vocabulary) {
    this.side = side;
    this.vocabulary = vocabulary;
  }

  get proofs(): readonly ProofDefinition[] {
    return this.side.flow.definition.proof.proofs;
  }

  /** Every proof is demanded, so that no rule after the proof stage need ask whether one was accepted. */
  get allDemanded(): boolean {
    return this.side.flow.definition.proof.mode === 'all' || this.proofs.length === 1;
  }

  /**
   * When a proof is accepted: it stands by itself, and so does every proof whose claims it must be the same as. Evidence
   * that is too weak is as good as not presented: whoever asks leaves it out.
   */
  accepted(proof: ProofDefinition): Formula {
    const known = this.#accepted.get(proof.id);
    if (known !== undefined) return known;
    const formula = and(...this.#leantOn(proof).flatMap((each) => [...this.standing(each).values()]));
    this.#accepted.set(proof.id, formula);
    return formula;
  }

  /** What one proof demands by itself, by the rule that says so. */
  standing(proof: ProofDefinition): ReadonlyMap<string, Formula> {
    const slot = names.slotOf(proof);
    const rule = `proof.${proof.id}`;
    return new Map([
      [rule, atMost(names.evidenceAge(slot), proof.maxAge)],
      ['proof.min-assurance', this.#strong(proof)],
      ...Object.entries(proof.match).map(([claim, match]): [string, Formula] => [
        `${rule}.${claim}`,
        this.#matches(slot, claim, match),
      ]),
    ]);
  }

  readonly resolve: Resolve = (path) => {
    const [root, ...rest] = path;
    if (rest.length === 0) return { present: TRUE, kind: 'record', attribute: '' };
    switch (root) {
      case 'request':
        return this.#request(rest);
      case 'identity':
        return this.#identity(rest);
      case 'evidence':
        return this.#evidence(rest);
      case 'facts':
        return this.#fact(rest);
      default:
        return NOWHERE;
    }
  };

  #request(rest: readonly string[]): Found {
    const [name = ''] = rest;
    if (rest.length > 1) return NOWHERE;
    if (name === 'audience') return foundAttribute(this.vocabulary, names.AUDIENCE);
    if (name === 'scopes') return foundAttribute(this.vocabulary, names.SCOPES);
    if (name === 'ttl') return foundAttribute(this.vocabulary, names.TTL);
    const { fields } = this.side.flow.definition.request;
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) return NOWHERE;
    // The request stage has seen to it that a required field is there.
    const found = foundAttribute(this.vocabulary, names.fieldAttribute(name, field.type));
    return field.required ? { ...found, present: TRUE } : found;
  }

  #identity(rest: readonly string[]): Found {
    const [name = ''] = rest;
    const known = Object.hasOwn(IDENTITY_TYPES, name) || Object.hasOwn(KIND_TYPES, name);
    return known && rest.length === 1
      ? foundAttribute(this.vocabulary, names.identityAttribute(name))
      : NOWHERE;
  }

  #evidence([id = '', ...claim]: readonly string[]): Found {
    const proof = this.proofs.find((each) => each.id === id);
    if (proof === undefined) return NOWHERE;
    const given = this.allDemanded ? TRUE : this.accepted(proof);
    if (claim.length === 0) return { present: given, kind: 'record', attribute: '' };
    const name = names.claimAttribute(names.slotOf(proof), claim.join('.'));
    if (this.vocabulary.has(name)) return foundAttribute(this.vocabulary, name, given);
    if (
      claim.length === 1 &&
      this.side.around.anchors.get(proof.anchor)?.claims[claim[0] ?? '']?.type.type === 'record'
    )
      throw new Unsupported(`the claim \`${claim.join('.')}\` is a record`);
    return NOWHERE;
  }

  // The fact stage has seen to it that every declared fact is there and of its type.
  #fact([name = '', ...path]: readonly string[]): Found {
    const { facts } = this.side.flow.definition;
    const fact = Object.hasOwn(facts, name) ? facts[name] : undefined;
    if (fact === undefined) return NOWHERE;
    const leaves = leavesOf(fact.type);
    const leaf = leaves.find((each) => each.path.join('.') === path.join('.'));
    if (leaf !== undefined) {
      const attribute = names.sourceLeaf(fact.source, leaf.path, leaf.type.type);
      return { ...foundAttribute(this.vocabulary, attribute), present: TRUE };
    }
    const inside = leaves.some((each) => each.path.join('.').startsWith(`${path.join('.')}.`));
    return path.length === 0 || inside ? { present: TRUE, kind: 'record', attribute: '' } : NOWHERE;
  }

  /** The proof with all whose claims it leans on, directly or not. */
  #leantOn(proof: ProofDefinition): readonly ProofDefinition[] {
    const found = [proof];
    for (const each of found) {
      for (const match of Object.values(each.match)) {
        const id =
          'sameAs' in match && match.sameAs.startsWith('evidence.') ? match.sameAs.split('.')[1] : null;
        const next = this.proofs.find((candidate) => candidate.id === id);
        if (next !== undefined && !found.includes(next)) found.push(next);
      }
    }
    return found;
  }

  #strong(proof: ProofDefinition): Formula {
    const { definition } = this.side.flow;
    const believed = this.side.around.anchors.get(proof.anchor)?.assurance ?? 0;
    const name = names.evidenceAssurance(names.slotOf(proof));
    const atLeast = (level: number): Formula =>
      believed < level ? FALSE : oneOf(name, ['1', '2', '3'].slice(level - 1));
    const bounds = applicable(this.side).flatMap(({ guardrail, when }) =>
      guardrail.minAssurance === null ? [] : [or(not(when), atLeast(guardrail.minAssurance))],
    );
    return and(atLeast(definition.proof.minAssurance), ...bounds);
  }

  #matches(slot: string, claim: string, match: ProofDefinition['match'][string]): Formula {
    const of = names.claimAttribute(slot, claim);
    if (!this.vocabulary.has(of)) return FALSE;
    const { kind, present } = foundAttribute(this.vocabulary, of);
    if ('contains' in match)
      return kind === 'set'
        ? and(present, atom({ test: 'contains', set: of, member: { text: match.contains } }))
        : FALSE;
    if (kind === 'number') {
      const wanted = 'exact' in match ? [match.exact] : 'oneOf' in match ? match.oneOf : null;
      if (wanted === null) throw new Unsupported(`a pattern over the number \`${claim}\``);
      return oneOf(
        of,
        wanted.map(Number).filter((value, i) => String(value) === wanted[i]),
      );
    }
    if (kind !== 'text') return FALSE;
    if ('exact' in match) return oneOf(of, [match.exact]);
    if ('oneOf' in match) return oneOf(of, match.oneOf);
    if ('like' in match) return atom({ test: 'match', of, pattern: match.like });
    const other = this.#lookup(match.sameAs.split('.'));
    if (other.kind !== 'text' || other.attribute === '') return FALSE;
    if (other.attribute === of) return present;
    return and(present, other.present, atom({ test: 'same', left: of, right: other.attribute }));
  }

  /** As `resolve`, before anything is known of later stages: fields and facts may be missing. */
  #lookup(path: readonly string[]): Found {
    const found = this.resolve(path);
    if (found.attribute === '' || path[0] === 'evidence') return found;
    return { ...found, present: foundAttribute(this.vocabulary, found.attribute).present };
  }
}

/** The guardrails that can bind a flow, each with when it does. */
export function applicable({
  flow,
  around,
}: Side): readonly { guardrail: Side['around']['guardrails'][number]; when: Formula }[] {
  const { issues, tier } = flow.definition;
  return around.guardrails
    .filter((each) => each.issues === null || each.issues.includes(issues))
    .filter((each) => each.tiers === null || each.tiers.includes(tier))
    .map((guardrail) => ({
      guardrail,
      when: guardrail.kinds === null ? TRUE : oneOf(names.identityAttribute('kind'), guardrail.kinds),
    }));
}
