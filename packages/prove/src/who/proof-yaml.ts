import { formatDuration } from '@writ/core';
import type { Match, ProofDefinition } from '@writ/flow';

/** A proof as a flow file has it, to be pasted below `any` or `all`. */
export function proofYaml(proof: ProofDefinition, match: ProofDefinition['match']): string {
  const lines = Object.entries(match).map(([claim, form]) => `    ${claim}: ${formYaml(form)}`);
  return [
    `- id: ${proof.id}`,
    ...(proof.role === 'actor' ? ['  as: actor'] : []),
    `  anchor: ${proof.anchor}`,
    `  max-age: ${formatDuration(proof.maxAge)}`,
    '  match:',
    ...lines,
  ].join('\n');
}

function formYaml(form: Match): string {
  if ('exact' in form) return JSON.stringify(form.exact);
  if ('like' in form) return `{ like: ${JSON.stringify(form.like)} }`;
  if ('sameAs' in form) return `{ same-as: ${form.sameAs} }`;
  if ('contains' in form) return `{ contains: ${JSON.stringify(form.contains)} }`;
  return `{ one-of: [${form.oneOf.map((text) => JSON.stringify(text)).join(', ')}] }`;
}
