import type { ConditionSource, FlowDefinition } from '../definition/definition.ts';
import { type Expression, readsOf } from './expression.ts';
import type { CedarType } from './schema.ts';
import type { ReportCondition } from './validate.ts';

/**
 * Names that no fact could ever have. Cedar's validator lets a misspelt `has` pass where the condition can still hold
 * (`!(evidence.github has ref_protectd)` would always be true), and never sees paths outside conditions.
 */
export function reportUnknownPaths(
  flow: FlowDefinition<ConditionSource>,
  context: CedarType,
  conditions: ReadonlyMap<ConditionSource, { readonly expression: Expression }>,
  report: ReportCondition,
): void {
  for (const [source, { expression }] of conditions) {
    for (const path of readsOf(expression)) {
      const last = path.slice(path.lastIndexOf('.') + 1);
      const at = source.text.indexOf(last);
      if (!exists(context, path)) report(source, at < 0 ? null : at, unknown(path), 'error');
    }
  }
  const nowhere: ConditionSource = { text: '', at: 0, contentAt: null };
  for (const [where, path] of pathsOf(flow)) {
    if (!exists(context, path)) report(nowhere, null, `${where}: ${unknown(path)}`, 'error');
  }
}

function unknown(path: string): string {
  return `nothing is called \`${path}\``;
}

function pathsOf(flow: FlowDefinition<ConditionSource>): readonly (readonly [where: string, path: string])[] {
  const matches = flow.proof.proofs.flatMap(({ id, match }) =>
    Object.entries(match).flatMap(([claim, how]): readonly [string, string][] =>
      'sameAs' in how ? [[`proof ${id}, ${claim}`, how.sameAs]] : [],
    ),
  );
  const parameters = Object.entries(flow.generate.parameters).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && /^(?:identity|evidence|request|facts)\./.test(value)
      ? [[`generate, ${name}`, value]]
      : [],
  );
  const source = flow.bind.source === null ? [] : [['bind, source', flow.bind.source.cidr] as const];
  const shown = [
    ...flow.approval.map(({ id, shows }) => [`approval ${id}, shows`, shows] as const),
    ['activate, shows', flow.activate.shows] as const,
  ].flatMap(([where, shows]) =>
    shows.filter((path) => !SHOWN_ONLY.has(path)).map((path) => [where, path] as const),
  );
  return [...matches, ...parameters, ...source, ...shown];
}

/** What a page of approval can show and no rule can read. */
const SHOWN_ONLY = new Set(['expiry', 'identity.changes']);

/** Whether a fact may have this path, always or sometimes. */
function exists(context: CedarType, path: string): boolean {
  let type: CedarType | undefined = context;
  for (const name of path.split('.')) {
    type =
      type?.type === 'Record' && Object.hasOwn(type.attributes, name) ? type.attributes[name] : undefined;
  }
  return type !== undefined;
}
