/** A fenced block of a page. */
export interface Fence {
  readonly lang: string;
  /** what stands behind the language */
  readonly info: string;
  readonly text: string;
  /** of the opening fence, from 1 */
  readonly line: number;
}

/** All fenced blocks of a Markdown text, in order. */
export function fencesOf(markdown: string): readonly Fence[] {
  const fences: Fence[] = [];
  let open: { mark: string; lang: string; info: string; line: number; body: string[] } | null = null;
  for (const [i, line] of markdown.split('\n').entries()) {
    const mark = /^(?:`{3,}|~{3,})/.exec(line)?.[0];
    if (open === null && mark !== undefined) {
      const [, lang = '', info = ''] = /^([\w-]*)\s*(.*)$/.exec(line.slice(mark.length).trim()) ?? [];
      open = { mark, lang, info, line: i + 1, body: [] };
    } else if (open !== null && line.trim() === open.mark) {
      const { lang, info, line: at, body } = open;
      fences.push({ lang, info, text: body.map((each) => `${each}\n`).join(''), line: at });
      open = null;
    } else open?.body.push(line);
  }
  return fences;
}

/** What is to be done with a block of shell commands. */
export type Snippet =
  | { readonly kind: 'run'; readonly exit: number }
  /** runs beside the others once `until` answers */
  | { readonly kind: 'background'; readonly until: string }
  | { readonly kind: 'no-run' };

const SHELLS = ['bash', 'console', 'shell', 'shell-session', 'zsh'];

/** How a block of shell commands is run: null for other blocks, a text for what is wrong with its opening line. */
export function snippetOf({ lang, info }: Fence): Snippet | string | null {
  if (SHELLS.includes(lang)) return `write \`sh\`, not \`${lang}\`: only \`sh\` is run`;
  if (lang !== 'sh') return null;
  if (info === '') return { kind: 'run', exit: 0 };
  const [, exit] = /^exit=(\d{1,3})$/.exec(info) ?? [];
  if (exit !== undefined) return { kind: 'run', exit: Number(exit) };
  const [, until] = /^background=(http:\/\/\S+)$/.exec(info) ?? [];
  if (until !== undefined) return { kind: 'background', until };
  if (/^no-run: \S/.test(info)) return { kind: 'no-run' };
  return `\`sh ${info}\` is not \`sh\`, \`sh exit=N\`, \`sh background=URL\` or \`sh no-run: reason\``;
}
