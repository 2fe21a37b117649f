import {
  type Approval,
  type Confirmation,
  type Facts,
  type Obligation,
  type PinnedTo,
  planDigest,
  type Reason,
  type Session,
  type Verdict,
  WritError,
} from '@writ/core';
import {
  type Act,
  decide,
  type Expectation,
  FRESH,
  mismatches,
  observedOf,
  type RecordedDecision,
  type Standing,
} from '@writ/flow';
import { sha256 } from '../../compose.ts';
import { approve, type Door, type DoorAnswer, identityDoor, tokenDoor } from './door.ts';
import { openTestHouse, type TestHouse } from './house.ts';
import { createPeople, type People } from './people.ts';
import { createPresenter, type Presented, type Presenter } from './presented.ts';
import { changed, type Situation } from './situation.ts';
import { runsOnTheEngine, type Stage } from './stage.ts';
import { factSaid, factsOf, holderOf, type Wanted, wantedOf } from './wanted.ts';
import { whyNot } from './why-not.ts';

interface Run {
  /** in the engine; null where the decision alone is tested */
  readonly id: string | null;
  readonly openedAt: number;
  readonly pinned: PinnedTo & { readonly plan: string };
}

/** One test under way. */
export class Walk implements AsyncDisposable {
  readonly decisions: RecordedDecision[] = [];
  readonly failures: string[] = [];
  readonly #stage: Stage;
  readonly #presenter: Presenter;
  readonly #test: string;
  #situation: Situation;
  #now: number;
  #draw = 0;
  #house: TestHouse | null = null;
  #people: People | null = null;
  #door: Door | null = null;
  #run: Run | null = null;
  #last: { readonly facts: Facts | null; readonly verdict: Verdict | null } = { facts: null, verdict: null };
  #approvals: Approval[] = [];
  #confirmations: Confirmation[] = [];
  #approvedNow: string[] = [];
  #approvedBefore: string[] = [];
  #frozen = new Set<string>();
  #ready: 'generate' | null = null;

  constructor(stage: Stage, test: string, situation: Situation) {
    this.#stage = stage;
    this.#test = test;
    this.#situation = situation;
    this.#now = situation.now;
    this.#presenter = createPresenter(stage.installation.set, stage.keys, stage.config.publicUrl);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#house?.[Symbol.asyncDispose]();
  }

  /** What the rules are asked at first; null where the evidence is not believed. */
  async first(): Promise<Facts | null> {
    const at = { now: this.#now, draw: 0 };
    const { identity } = this.#wanted();
    const { definition } = this.#stage.flow;
    const presented = await this.#presenter.present(this.#situation, definition, identity, at);
    const evidence = presented.flatMap(({ verified }) => ('evidence' in verified ? [verified.evidence] : []));
    return evidence.length < presented.length ? null : this.#facts(evidence);
  }

  /** Opens the engine where it can issue what this flow issues, and asks for the first time. */
  async begin(line: number, expect: Expectation | null): Promise<void> {
    const { installation, config, keys } = this.#stage;
    const { definition } = this.#stage.flow;
    if (runsOnTheEngine(this.#stage, this.#presenter)) {
      const { identity } = this.#wanted();
      const others = installation.identities.filter(({ name }) => name !== identity.name);
      const known = installation.identities.find(({ name }) => name === identity.name);
      const mine = definition.issues === 'identity' ? known : identity;
      this.#house = await openTestHouse({
        config,
        installation,
        identities: mine === undefined ? others : [...others, mine],
        keys,
        now: () => this.#now,
        fact: (source) => factSaid(this.#stage, this.#situation, source),
      });
      const { engine } = this.#house;
      this.#people = createPeople(engine, installation.set, keys, config.publicUrl, () => this.#now);
      this.#door =
        definition.issues === 'identity'
          ? identityDoor(engine, async () => this.#requester())
          : tokenDoor(engine);
    }
    await this.#ask(line, expect, FRESH);
  }

  async step(line: number, act: Act | null, expect: Expectation | null): Promise<void> {
    if (act === null) return this.#lookAgain(line, expect);
    switch (act.kind) {
      case 'advance':
        this.#now += act.seconds * 1000;
        return expect === null ? undefined : this.#ask(line, expect, this.#standing());
      case 'freeze':
        this.#frozen.add(act.scope);
        await this.#house?.engine.freeze({ scope: act.scope, reason: 'a flow test', by: 'local' });
        return expect === null ? undefined : this.#ask(line, expect, this.#standing());
      case 'mutate':
        return this.#mutate(line, act, expect);
      case 'deny':
        return this.#deny(line, act, expect);
      case 'confirm':
        return this.#consent(line, { ...act, rule: 'activate', as: null, factor: 'webauthn' }, expect);
      case 'approve':
        return this.#consent(line, act, expect);
    }
  }

  async #lookAgain(line: number, expect: Expectation | null): Promise<void> {
    const { facts, verdict } = this.#last;
    if (expect === null) return;
    if (facts === null || verdict === null) return this.#ask(line, expect, this.#standing());
    this.#hold(line, expect, facts, verdict, { ...this.#standing(), approved: this.#approvedBefore });
  }

  async #mutate(line: number, act: Act & { kind: 'mutate' }, expect: Expectation | null): Promise<void> {
    const touched = [...Object.keys(act.with), ...act.without];
    const identity = touched.find((path) => path.startsWith('identity.'));
    if (identity !== undefined && this.#stage.flow.definition.issues !== 'identity' && this.#house !== null)
      throw new WritError(
        'unsupported',
        `changing \`${identity}\` of a registered identity during a test is not supported`,
      );
    const fixed = touched.find((path) => /^(?:now|rights|assurance)\b/.test(path));
    if (fixed !== undefined)
      throw new WritError(
        'invalid',
        `line ${line}: \`${fixed}\` is given at the beginning; time passes by \`advance\``,
      );
    this.#situation = changed(this.#situation, act.with, act.without);
    await this.#ask(line, expect, this.#standing());
  }

  async #deny(line: number, { rule, by }: Act & { kind: 'deny' }, expect: Expectation | null): Promise<void> {
    const { run, facts, obligation } = this.#waiting(rule);
    const person = { person: by, factor: 'webauthn' };
    const why = whyNot(this.#stage.installation.set, facts, this.#now, obligation, person);
    if (why !== null)
      throw new WritError('invalid', `line ${line}: \`${by}\` does not decide \`${rule}\`: ${why}`);
    if (this.#house !== null && this.#people !== null && run.id !== null) {
      const { session } = await this.#people.person(by);
      await this.#house.engine.runs.deny(session, { run: run.id, rule, reason: 'a flow test' });
    }
    this.#approvals.push({
      rule,
      person: by,
      factor: '',
      digest: run.pinned.plan,
      decision: 'deny',
      at: this.#now,
      envelope: null,
    });
    await this.#ask(line, expect, this.#standing());
  }

  /** Somebody approves or confirms, or tries to; then whoever asked asks again. */
  async #consent(
    line: number,
    act: Omit<Act & { kind: 'approve' }, 'kind'> & { readonly kind: 'approve' | 'confirm' },
    expect: Expectation | null,
  ): Promise<void> {
    const { rule, by, as, factor, pauseBefore } = act;
    if (as !== null) this.#isMember(by, as);
    const { run, facts, obligation } = this.#waiting(rule);
    const why = whyNot(this.#stage.installation.set, facts, this.#now, obligation, { person: by, factor });
    const late = this.#now > (obligation?.expires ?? Number.POSITIVE_INFINITY);
    const told = factor === 'webauthn' ? await this.#decideInEngine(act, run, obligation) : 'factor';
    if (this.#house !== null && (why === null && !late) !== (told === null))
      this.failures.push(
        `line ${line}: the rules say ${why ?? 'that this approval counts'}, the engine ${told ?? 'that it counts'}`,
      );
    const at = this.#now;
    if (act.kind === 'confirm') this.#confirmations.push({ person: by, plan: run.pinned.plan, at });
    else {
      const { digest, envelope } = obligation ?? { digest: run.pinned.plan, envelope: null };
      this.#approvals.push({ rule, person: by, factor, digest, decision: 'approve', at, envelope });
    }
    if (why === null && !late) this.#approvedNow.push(rule);
    if (pauseBefore !== null) this.#pause(line, expect);
    else
      await this.#ask(line, expect, {
        ...this.#standing(),
        refusedApproval: why ?? (late ? 'expired' : null),
      });
  }

  /** Stops where everything has been agreed to and nothing has been made: the caller has not come back yet. */
  #pause(line: number, expect: Expectation | null): void {
    if (expect !== null)
      throw new WritError('unsupported', `line ${line}: expect something in the step after a pause`);
    if (this.#stage.flow.definition.issues === 'identity')
      throw new WritError(
        'unsupported',
        `line ${line}: a run about an identity cannot be paused before \`generate\``,
      );
    const { facts } = this.#last;
    const verdict = facts === null ? null : this.#decide({ ...facts, ...this.#given() });
    this.#ready = verdict?.outcome === 'issue' ? 'generate' : null;
  }

  /** Null where the engine took it, or why it did not. */
  async #decideInEngine(
    { rule, by, kind }: { readonly rule: string; readonly by: string; readonly kind: 'approve' | 'confirm' },
    run: Run,
    obligation: Obligation | undefined,
  ): Promise<string | null> {
    if (this.#house === null || this.#people === null || run.id === null) return null;
    const person = await this.#people.person(by);
    try {
      const digest = await approve(this.#house.engine, person, { run: run.id, rule, decision: kind });
      if (digest !== obligation?.digest)
        this.failures.push(`\`${rule}\`: another digest was signed than the rules say`);
      return null;
    } catch (error) {
      if (!(error instanceof WritError)) throw error;
      return error.message;
    }
  }

  #isMember(person: string, group: string): void {
    const { groups } = this.#stage.installation.set;
    if (groups.get(group)?.members.includes(person) !== true)
      throw new WritError(
        'invalid',
        `\`${person}\` is not in \`${group}\`; put them there under \`people\` of the fixture`,
      );
  }

  /** The run that waits, with what it waits for under that name. */
  #waiting(rule: string): { run: Run; facts: Facts; obligation: Obligation | undefined } {
    const { facts, verdict } = this.#last;
    if (this.#run === null || facts === null || verdict?.outcome !== 'waiting')
      throw new WritError('invalid', `nothing waits for \`${rule}\``);
    return { run: this.#run, facts, obligation: verdict.obligations.find((each) => each.rule === rule) };
  }

  #standing(): Standing {
    const stage = this.#run === null ? null : (this.#ready ?? 'approval');
    return { stage, refusedApproval: null, approved: this.#approvedBefore };
  }

  #wanted(): Wanted {
    return wantedOf(this.#stage, this.#situation, this.#now);
  }

  #given(): Pick<Facts, 'approvals' | 'confirmations'> {
    return { approvals: [...this.#approvals], confirmations: [...this.#confirmations] };
  }

  #facts(evidence: Facts['evidence']): Facts {
    const { openedAt = this.#now, pinned = null } = this.#run ?? {};
    const facts = factsOf(this.#stage, this.#situation, this.#now, evidence, this.#frozen);
    return { ...facts, ...this.#given(), openedAt, pinned };
  }

  #decide(facts: Facts): Verdict {
    return decide(this.#stage.installation.set, facts, this.#now);
  }

  /** Asks, or asks again: of the rules, and where it can issue what they say, of the engine. */
  async #ask(line: number, expect: Expectation | null, standing: Standing): Promise<void> {
    this.#draw += 1;
    const { set } = this.#stage.installation;
    const { definition, hash } = this.#stage.flow;
    const { identity } = this.#wanted();
    const at = { now: this.#now, draw: this.#draw };
    const presented = await this.#presenter.present(this.#situation, definition, identity, at);
    const failure = presented.flatMap(({ verified }) => ('failure' in verified ? [verified.failure] : []))[0];
    if (failure !== undefined) return this.#unbelieved(line, expect, standing, failure, presented);
    const evidence = presented.flatMap(({ verified }) => ('evidence' in verified ? [verified.evidence] : []));
    let facts = this.#facts(evidence);
    let verdict = this.#decide(facts);
    const before = this.#run;
    if (before !== null && verdict.outcome !== 'refused') {
      const same = planDigest(sha256, verdict.bounds, before.pinned) === before.pinned.plan;
      if (!same) {
        this.#supersede();
        facts = { ...facts, openedAt: this.#now, pinned: null };
        verdict = this.#decide(facts);
      }
    }
    const superseded = before !== null && this.#run === null;
    const answer = await this.#askEngine(presented, superseded ? before : null);
    if (verdict.outcome === 'waiting' && this.#run === null) {
      const pinned = { set: set.hash, flow: hash, notIssuedAfter: verdict.bounds.notIssuedAfter };
      const plan = planDigest(sha256, verdict.bounds, pinned);
      this.#run = { id: answer?.run ?? null, openedAt: this.#now, pinned: { ...pinned, plan } };
    } else if (verdict.outcome === 'issue') this.#supersede();
    this.#last = { facts, verdict };
    this.#ready = null;
    const outcome = verdict.outcome === 'issue' ? 'issued' : verdict.outcome;
    if (answer !== null && answer.outcome !== outcome)
      this.failures.push(
        `line ${line}: the rules say ${outcome}, the engine ${answer.outcome}${because(answer.reasons)}`,
      );
    const seen = { ...standing, approved: this.#approvedBefore };
    if (expect !== null) this.#hold(line, expect, facts, verdict, seen);
  }

  /** What was approved is no approval of what is asked from here on. */
  #supersede(): void {
    this.#run = null;
    this.#approvedBefore = [...new Set([...this.#approvedBefore, ...this.#approvedNow])];
    this.#approvedNow = [];
  }

  async #askEngine(presented: readonly Presented[], superseded: Run | null): Promise<DoorAnswer | null> {
    const { request, identity, before } = this.#wanted();
    const asking = {
      request,
      identity,
      replaces: before?.revision ?? null,
      presented,
      holder: holderOf(this.#stage, this.#situation),
      draw: this.#draw,
      now: this.#now,
    };
    if (this.#door === null) return null;
    if (superseded !== null && this.#stage.flow.definition.issues !== 'identity') {
      // Nobody gets by an old run what it was not opened for.
      const old = await this.#door.ask({ ...asking, run: superseded.id });
      if (old.outcome !== 'refused')
        this.failures.push('the engine went on with a run that was opened for something else');
    }
    return this.#door.ask({ ...asking, run: this.#run?.id ?? null });
  }

  /** Evidence that was not believed: no rule was asked. */
  async #unbelieved(
    line: number,
    expect: Expectation | null,
    standing: Standing,
    failure: Reason,
    presented: readonly Presented[],
  ): Promise<void> {
    const answer = await this.#askEngine(presented, null);
    if (answer !== null && answer.outcome !== 'refused')
      this.failures.push(`line ${line}: the evidence is not believed, and the engine says ${answer.outcome}`);
    this.#last = { facts: null, verdict: null };
    const verdict: Verdict = { outcome: 'refused', reasons: [failure], disclose: false };
    if (expect === null) return;
    const seen = observedOf(this.#stage.flow.definition, verdict, standing);
    for (const each of mismatches(expect, seen)) this.failures.push(`line ${line}: ${each}`);
  }

  #hold(line: number, expect: Expectation, facts: Facts, verdict: Verdict, standing: Standing): void {
    const seen = observedOf(this.#stage.flow.definition, verdict, standing);
    for (const each of mismatches(expect, seen)) this.failures.push(`line ${line}: ${each}`);
    const { set } = this.#stage.installation;
    this.decisions.push({ test: this.#test, line, expect, set, facts, now: this.#now, standing, verdict });
  }

  /** The session of whoever asks for an identity, by the evidence that the situation gives of them. */
  async #requester(): Promise<Session | Reason> {
    const { flow, installation } = this.#stage;
    const [proof] = flow.definition.proof.proofs;
    const presented = await this.#presenter.present(
      this.#situation,
      flow.definition,
      this.#wanted().identity,
      { now: this.#now, draw: this.#draw },
    );
    const token = presented[0]?.token;
    if (this.#house === null || token === null || token === undefined || proof === undefined)
      return { stage: 'proof', rule: 'proof', message: 'nobody has signed in' };
    const anchor = installation.set.anchors.get(proof.anchor)?.name ?? proof.anchor;
    const signedIn = await this.#house.engine.people.signInWith(token, anchor);
    if ('session' in signedIn) return signedIn.session;
    return { stage: 'proof', rule: 'proof', message: 'the sign-in was not believed' };
  }
}

function because(reasons: readonly Reason[]): string {
  const [first] = reasons;
  return first === undefined ? '' : ` because of ${first.rule}: ${first.message}`;
}
