import { CHANGE_SOURCE } from '../definition/change-fact.ts';
import type { Match } from '../definition/definition.ts';
import { askingProblems } from './asking.ts';
import type { Collected, Placed, ReportAt } from './collected.ts';

/** References between files, and names that may stand only once. A missing file refuses: absence is an error here too. */
export function crossCheck(all: Collected, report: ReportAt): void {
  unique(all.flows, ({ name }) => name, 'flow', report);
  unique(all.anchors, ({ name }) => name, 'anchor', report);
  unique(
    all.anchors.filter(({ value }) => value.issuer !== ''),
    ({ issuer, audience }) => `${issuer} ${audience}`,
    'anchor of issuer and audience',
    report,
  );
  unique(all.rights, ({ id }) => id, 'right', report);
  unique(all.packs, ({ pack }) => pack, 'policy pack', report);
  unique(all.groups, ({ id }) => id, 'group', report);
  unique(all.people, ({ id }) => id, 'person', report);
  unique(all.roles, ({ role }) => role, 'role', report);
  unique(all.audiences, ({ uri }) => uri, 'audience', report);
  unique(all.sources, ({ name }) => name, 'fact source', report);
  unique(all.entitlements, ({ identity }) => identity, 'entitlement of identity', report);
  unique(all.identities, ({ name }) => name, 'identity', report);
  unique(all.identities, ({ uri }) => uri, 'identity', report);
  checkClients(all, report);
  checkEntitlements(all, report);
  checkGuardrails(all, report);
  checkFlows(all, report);
  checkRights(all, report);
  checkPeople(all, report);
}

function unique<T>(
  placed: readonly Placed<T>[],
  key: (value: T) => string,
  what: string,
  report: ReportAt,
): void {
  const seen = new Set<string>();
  for (const { value, file, at } of placed) {
    if (seen.has(key(value))) report(file, at, `a second ${what} \`${key(value)}\``);
    seen.add(key(value));
  }
}

function checkEntitlements(all: Collected, report: ReportAt): void {
  const identities = new Set(all.identities.map(({ value }) => value.name));
  for (const { value, file, at } of all.entitlements)
    if (!identities.has(value.identity)) report(file, at, `no identity \`${value.identity}\``);
}

/** Members that make a public key the key it is (RFC 7638 §3.2). */
const KEY_MEMBERS = ['kty', 'crv', 'x', 'y', 'n', 'e'];

/** A client introspects for one audience, shares no key with another (P8), and has no identity's name (C13). */
function checkClients(all: Collected, report: ReportAt): void {
  const clients = all.audiences.flatMap(({ value: { introspection }, file, at }) =>
    introspection === null ? [] : [{ value: introspection, file, at }],
  );
  unique(clients, ({ client }) => client, 'audience that is introspected by', report);
  const keys = clients.flatMap(({ value, file, at }) => value.keys.map((key) => ({ value: key, file, at })));
  unique(
    keys,
    (key) => KEY_MEMBERS.map((member) => key[member] ?? '').join(' '),
    'use of the public key',
    report,
  );
  const identities = new Set(all.identities.map(({ value }) => value.name));
  for (const { value, file, at } of clients) {
    if (identities.has(value.client))
      report(file, at, `the client \`${value.client}\` has the name of an identity`);
  }
}

function checkGuardrails(all: Collected, report: ReportAt): void {
  const [, second] = all.guardrails;
  if (second !== undefined)
    report(second.file, second.at, 'a second guardrails file; there is one per organisation');
  const anywhere = all.flows[0] ?? all.anchors[0];
  if (all.guardrails.length === 0 && anywhere !== undefined) {
    report(
      anywhere.file,
      0,
      'no file says `writ: guardrails/v1`; where nothing is bounded it says `guardrails: none`',
    );
  }
}

function checkFlows(all: Collected, report: ReportAt): void {
  const anchors = new Map(all.anchors.map(({ value }) => [value.name, value]));
  const sources = new Map(all.sources.map(({ value }) => [value.name, value]));
  const groups = new Set(all.groups.map(({ value }) => value.id));
  for (const { value: flow, file, at } of all.flows) {
    const proofs = new Set(flow.proof.proofs.map(({ id }) => id));
    for (const proof of flow.proof.proofs) {
      const anchor = anchors.get(proof.anchor);
      if (anchor === undefined) {
        report(file, at, `proof ${proof.id}: no anchor \`${proof.anchor}\``);
        continue;
      }
      for (const [claim, match] of Object.entries(proof.match)) {
        const declared = Object.hasOwn(anchor.claims, claim) ? anchor.claims[claim] : undefined;
        if (declared === undefined)
          report(file, at, `proof ${proof.id}: anchor ${anchor.name} declares no claim \`${claim}\``);
        else if ((declared.type.type === 'set') !== 'contains' in match)
          report(file, at, misfit(proof.id, claim, match));
      }
    }
    for (const [name, fact] of Object.entries(flow.facts)) {
      if (fact.source === CHANGE_SOURCE) continue;
      const source = sources.get(fact.source);
      if (source === undefined) report(file, at, `fact ${name}: no fact source \`${fact.source}\``);
      else if (source.kind === 'http') {
        for (const problem of askingProblems(source, flow, anchors))
          report(file, at, `fact ${name}: ${problem}`);
      }
    }
    for (const rule of flow.approval) {
      const [kind, id = ''] = rule.require.from.split(':');
      if (kind === 'group' && !groups.has(rule.require.from))
        report(file, at, `approval ${rule.id}: no \`${rule.require.from}\``);
      if (kind === 'proof' && !proofs.has(id)) report(file, at, `approval ${rule.id}: no proof \`${id}\``);
    }
    if ('from' in flow.request.by && !groups.has(flow.request.by.from)) {
      report(file, at, `request.by: no \`${flow.request.by.from}\``);
    }
  }
}

function misfit(proof: string, claim: string, match: Match): string {
  return 'contains' in match
    ? `proof ${proof}: \`${claim}\` is no set, so \`contains\` does not fit it`
    : `proof ${proof}: \`${claim}\` is a set; use \`contains\``;
}

function checkRights(all: Collected, report: ReportAt): void {
  const flows = new Map(all.flows.map(({ value }) => [value.name, value]));
  const audiences = new Set(all.audiences.map(({ value }) => value.uri));
  for (const { value: right, file, at } of all.rights) {
    const flow = flows.get(right.flow);
    if (flow === undefined) report(file, at, `right ${right.id}: no flow \`${right.flow}\``);
    else if (!flow.request.audience.includes(right.audience)) {
      report(file, at, `right ${right.id}: flow ${right.flow} does not issue for \`${right.audience}\``);
    }
    if (!audiences.has(right.audience))
      report(file, at, `right ${right.id}: no audience \`${right.audience}\``);
  }
}

function checkPeople(all: Collected, report: ReportAt): void {
  const people = new Set(all.people.map(({ value }) => value.id));
  for (const { value: group, file, at } of all.groups) {
    for (const id of group.members) if (!people.has(id)) report(file, at, `${group.id}: no person \`${id}\``);
  }
  const groups = new Set(all.groups.map(({ value }) => value.id));
  for (const { value, file, at } of all.roles) {
    for (const id of value.groups) if (!groups.has(id)) report(file, at, `role ${value.role}: no \`${id}\``);
  }
  const owners = [
    ...all.rights.map(({ value, file, at }) => ({ owner: value.owner, file, at })),
    ...all.audiences.map(({ value, file, at }) => ({ owner: value.owner, file, at })),
    ...all.flows.map(({ value, file, at }) => ({ owner: value.owner, file, at })),
    ...all.identities.flatMap(({ value, file, at }) => [
      { owner: value.owner, file, at },
      { owner: value.deputy, file, at },
    ]),
  ];
  for (const { owner, file, at } of owners) {
    if (!people.has(owner) && !groups.has(owner))
      report(file, at, `no \`${owner}\` among the people and groups`);
  }
}
