import { hash } from 'node:crypto';
import { type CompiledFlow, formatProblem, loadForPlan } from '@writ/flow';
import type { Side } from '@writ/prove';

/** One rule of the policy; every tenth forbids. */
export interface RuleText {
  readonly id: string;
  readonly forbids: boolean;
  /** all of which must hold */
  readonly all: readonly string[];
}

/** `count` rules of about twelve conditions each, as a policy for many repositories grows: alike, and each for its own. */
export function rules(count: number): readonly RuleText[] {
  return Array.from({ length: count }, (_, i): RuleText => {
    const forbids = i % 10 === 9;
    return { id: `r${i}`, forbids, all: forbids ? forbidding(i) : permitting(i) };
  });
}

function permitting(i: number): readonly string[] {
  return [
    `evidence.github.repository == "acme/service-${i}"`,
    `evidence.github.ref like "refs/heads/release-${i % 40}-*"`,
    `evidence.github.event_name == "${i % 2 === 0 ? 'push' : 'schedule'}"`,
    'evidence.github.runner_environment == "self-hosted"',
    `evidence.github has environment && evidence.github.environment == "${i % 3 === 0 ? 'production' : 'staging'}"`,
    `request.audience == "https://deploy.acme.example"`,
    '["deploy:read", "deploy:write"].containsAll(request.scopes)',
    `request.ttl <= duration("${5 + (i % 10)}m")`,
    `request.target == "t${i % 7}"`,
    `facts.risk.score < ${20 + (i % 60)}`,
    'identity.kind == "workload"',
  ];
}

function forbidding(i: number): readonly string[] {
  return [
    `evidence.github.repository == "acme/service-${i - 1}"`,
    'request.scopes.contains("deploy:write")',
    `facts.risk.score >= ${10 + (i % 30)}`,
    `!(evidence.github has ref_protected && evidence.github.ref_protected == "true")`,
  ];
}

/** `count` rules that all speak of the same few things, and overlap. */
export function overlapping(count: number): readonly RuleText[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `r${i}`,
    forbids: false,
    all: [
      `facts.risk.score < ${(i * 7) % 97}`,
      `facts.risk.score >= ${((i * 7) % 97) - 60}`,
      `request.ttl <= duration("${1 + ((i * 13) % 59)}m")`,
      `evidence.github.ref like "refs/heads/${'abcdefgh'.slice(i % 8)}*"`,
      `request.scopes.contains("deploy:${i % 2 === 0 ? 'read' : 'write'}")`,
    ],
  }));
}

const HEAD = `writ: flow/v1
flow: many
version: 1
owner: group:owners
summary: many rules
issues: token
tier: 2
request:
  by: { kinds: [workload] }
  audience: { one-of: ["https://deploy.acme.example", "https://artifacts.acme.example"] }
  scopes: { subset-of: ["deploy:read", "deploy:write"] }
  ttl: { max: 1h }
  fields: { target: { type: string, required: true } }
facts: { risk: { source: risk/ci, type: { score: long }, max-age: 60s } }
proof:
  min-assurance: 2
  any:
    - { id: github, anchor: github-actions/acme, max-age: 5m, match: { repository_owner_id: "7" } }
approval: []
generate: { token: { format: jwt, alg: ES256, key: k, subject: identity.uri } }
bind: { pop: [dpop] }
deliver: { to: [caller] }
activate: { when: issued }
lifecycle: { renewable: false, max-lifetime: 1h, recover: none, revoke-on: [owner.offboarded] }
`;

/** Rules that a file may hold, which has a greatest size. */
const PER_FILE = 300;

/** Rules as a flow that decides; compiled a file at a time, and put together. */
export function flowOf(all: readonly RuleText[]): Side {
  const parts: Side[] = [];
  for (let at = 0; at < all.length; at += PER_FILE) parts.push(compiled(all.slice(at, at + PER_FILE)));
  const [first] = parts;
  if (first === undefined) throw new Error('no rules');
  const flows = parts.map(({ flow }) => flow);
  const policy = {
    permit: flows.flatMap(({ definition }) => definition.policy.permit),
    forbid: flows.flatMap(({ definition }) => definition.policy.forbid),
  };
  const flow: CompiledFlow = {
    ...first.flow,
    permit: flows.flatMap(({ permit }) => permit),
    forbid: flows.flatMap(({ forbid }) => forbid),
    definition: { ...first.flow.definition, policy },
  };
  return { flow, around: first.around };
}

function compiled(all: readonly RuleText[]): Side {
  const written = (forbids: boolean, more: string): string =>
    all
      .filter((rule) => rule.forbids === forbids)
      .map(({ id, all: conditions }) => `\n    - { id: ${id}, ${more}when: '${conditions.join(' && ')}' }`)
      .join('') || ' []';
  const text = `${HEAD}policy:\n  permit:${written(false, '')}\n  forbid:${written(true, 'because: a rule, ')}\n`;
  const sha256 = (data: Uint8Array): Uint8Array => hash('sha256', data, 'buffer');
  const { set, problems } = loadForPlan([{ path: 'many.flow.yaml', text }], sha256);
  const flow = set?.flows.get('many');
  if (set === null || flow === undefined) throw new Error(problems.map(formatProblem).join('\n'));
  const { anchors, guardrails, packs } = set;
  return { flow, around: { sha256, anchors, guardrails, packs, rights: null } };
}
