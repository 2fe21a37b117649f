import type { Evidence, HttpSource, Identity, IssuanceRequest, Value } from '@writ/core';
import { type Absent, fillUrl } from '../artefact/url-template.ts';
import { lookup } from '../condition/compile.ts';
import type { FlowDefinition } from '../definition/definition.ts';
import { presentedFor } from './proof-stage.ts';

/** What a question to a fact source may be about. */
export interface AskedAbout {
  readonly identity: Pick<Identity, 'name' | 'uri' | 'owner'>;
  readonly request: Pick<IssuanceRequest, 'fields'>;
  readonly evidence: readonly Evidence[];
}

/**
 * Where `source` is asked for a fact of `flow`, or the path that its URL needs and that is absent here. Claims are those
 * of what was presented for a proof: verified by its anchor, not yet matched.
 */
export function sourceUrl(
  source: HttpSource,
  flow: FlowDefinition<unknown>,
  { identity, request, evidence }: AskedAbout,
): string | Absent {
  const presented = presentedFor(flow, evidence);
  const environment = {
    identity: { name: identity.name, uri: identity.uri, owner: identity.owner },
    request: request.fields,
    evidence: Object.fromEntries([...presented].map(([id, { claims }]) => [id, claims])),
  };
  return fillUrl(source.url, (path) => written(lookup(environment, path.split('.'))));
}

function written(value: Value | undefined): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}
