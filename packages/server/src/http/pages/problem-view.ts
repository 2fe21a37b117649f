import { PROBLEMS, type Problem } from '../problem.ts';
import { html } from './html.ts';
import type { Site, View } from './site.ts';

/** What went wrong, in words, with what would help. What is not there and what is not for the reader to see read alike. */
export function problemView({ base }: Site, { code, status, details }: Problem): View {
  const { title, help } = PROBLEMS[code];
  return {
    status,
    title: code === 'unknown' ? 'Not found' : 'It did not work',
    place: null,
    command: null,
    modules: [],
    body: html`<p>${capital(details.detail ?? title)}.</p>
<p>What helps: ${details.help ?? help}.</p>
<p><a href="${base}/">Back to the inbox</a></p>`,
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
