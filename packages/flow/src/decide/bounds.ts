import type { Assurance, Bounds, ClaimProjection, GeneratePlan } from '@writ/core';
import { lookup } from '../condition/compile.ts';
import { accepted, type Context, strength } from './context.ts';
import { printed } from './printed.ts';

/** What may be issued, or the path of a fact that it needs and that is not there. */
export function boundsOf(
  context: Context,
  waitUntil: number,
  unattended: boolean,
): Bounds | { readonly absent: string } {
  const { flow, facts, identity, right, ttl } = context;
  const { definition } = flow;
  const { parameters } = definition.generate;
  const subject = parameter(context, parameters['subject'] ?? parameters['san'] ?? 'identity.uri');
  const actor = parameters['act'] === undefined ? null : parameter(context, parameters['act']);
  const source = definition.bind.source === null ? null : parameter(context, definition.bind.source.cidr);
  const failed = [subject, actor, source].find((value) => value !== null && typeof value === 'object');
  if (failed !== undefined && failed !== null && typeof failed === 'object') return failed;
  return {
    flow: { name: definition.name, version: definition.version, hash: flow.hash },
    right: right?.id ?? '',
    identity: { uri: identity.uri, name: identity.name, revision: identity.revision },
    owner: identity.owner,
    purpose: identity.purpose,
    environment: identity.environment,
    subject: text(subject),
    actor: actor === null ? null : text(actor),
    audience: facts.request.audience,
    scopes: facts.request.scopes,
    ttl,
    notIssuedAfter: waitUntil,
    fields: facts.request.fields,
    inToken: Object.keys(facts.request.fields).filter(
      (name) => definition.request.fields[name]?.inToken === true,
    ),
    generate: generatePlan(context),
    holder: facts.holder,
    pop: definition.bind.pop,
    source: source === null ? null : text(source),
    deliver: definition.deliver.to,
    activate: definition.activate.when,
    proven: accepted(context).map(({ proof, evidence }) => ({
      proof: proof.id,
      anchor: evidence.anchor,
      digest: evidence.digest,
      assurance: evidence.assurance,
    })),
    projections: projections(context),
    assurance: weakest(context),
    freezeScopes: context.freezeScopes,
    unattended,
    proposal: definition.issues === 'identity' ? identity : null,
  };
}

function text(value: string | { readonly absent: string }): string {
  return typeof value === 'string' ? value : '';
}

/** A path is looked up and must be there; anything else stands for itself. */
function parameter(
  context: Context,
  value: string | readonly string[],
): string | { readonly absent: string } {
  const path = typeof value === 'string' ? value : value.join(' ');
  if (!/^(?:identity|evidence|request|facts)\./.test(path)) return path;
  const found = lookup(context.environment, path.split('.'));
  return typeof found === 'string' && found !== '' ? found : { absent: path };
}

function generatePlan({ flow }: Context): GeneratePlan {
  const { kind, parameters } = flow.definition.generate;
  const plain = Object.entries(parameters).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : value.join(' '),
  ]);
  const texts = Object.fromEntries(plain);
  return { kind, alg: texts['alg'] ?? null, key: texts['key'] ?? null, parameters: texts };
}

function weakest(context: Context): Assurance {
  const levels = accepted(context).map(({ evidence }) => strength(context.set, evidence));
  return levels.every((level) => level === 3) ? 3 : levels.every((level) => level >= 2) ? 2 : 1;
}

/** The values of the claims the flow reads: what evidence presented again must show once more (law 6). */
function projections(context: Context): readonly ClaimProjection[] {
  return accepted(context).map(({ proof, evidence }) => {
    const prefix = `evidence.${proof.id}.`;
    const read = context.flow.reads
      .filter((path) => path.startsWith(prefix))
      .map((path) => path.slice(prefix.length));
    const claims = read.flatMap((name): [string, string][] => {
      const value = Object.hasOwn(evidence.claims, name) ? evidence.claims[name] : undefined;
      return value === undefined ? [] : [[name, printed(value)]];
    });
    return { proof: proof.id, anchor: evidence.anchor, claims: Object.fromEntries(claims) };
  });
}
