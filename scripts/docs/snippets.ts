import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fence, fencesOf, snippetOf } from './fences.ts';

/** Ports that pages write; each page gets free ones instead. */
const PORTS = /\b84[2-9]\d\b/g;
/** What a page may change is copied; the rest of the repository is seen through links. */
const COPIED = new Set(['examples']);
const UNSEEN = new Set(['.git', '.writ']);
/** Before the output of each snippet, with its line. */
const MARK = '\u001e';
/** Milliseconds a page may take. */
const LIMIT = 60_000;

/** Whether a page has anything to run. */
export function isRunnable(markdown: string): boolean {
  return fencesOf(markdown).some((fence) => kindOf(fence) !== null);
}

/** One bash script of all snippets of a page, in order, in one shell: variables and functions live on as for a reader. */
export function scriptOf(fences: readonly Fence[]): string {
  const parts = fences.map((fence) => {
    const snippet = snippetOf(fence);
    if (snippet === null || typeof snippet === 'string' || snippet.kind === 'no-run') return '';
    const mark = `printf '${MARK}%s\\n' ${fence.line}\n`;
    if (snippet.kind === 'background') {
      const log = `.snippet-${fence.line}.log`;
      const ask = `curl -sf -o /dev/null ${snippet.until}`;
      return `${mark}{\n${fence.text}} > ${log} 2>&1 &\nfor _ in $(seq 150); do ${ask} && break; sleep 0.1; done\n${ask} || { cat ${log}; exit 1; }\n`;
    }
    if (snippet.exit === 0) return mark + fence.text;
    return `${mark}set +e\n(\n${fence.text})\ncode=$?\nset -e\n[ "$code" = ${snippet.exit} ] || { echo "exit $code, expected ${snippet.exit}"; exit 1; }\n`;
  });
  return `set -euo pipefail\nexec 2>&1\n${parts.join('')}`;
}

/** Runs the snippets of one page in a copy of the repository; answers what was wrong, an empty list being good. */
export async function runPage(root: string, page: string): Promise<readonly string[]> {
  const fences = fencesOf(readFileSync(join(root, page), 'utf8'));
  const directory = mkdtempSync(join(tmpdir(), 'writ-docs-'));
  try {
    const ports = await freePorts(fences.map(({ text, info }) => text + info).join('\n'));
    const local = (text: string): string => text.replaceAll(PORTS, (port) => ports.get(port) ?? port);
    viewOf(root, directory, local);
    const script = scriptOf(
      fences.map((fence) => ({ ...fence, text: local(fence.text), info: local(fence.info) })),
    );
    const { code, output } = await bash(script, directory);
    const shown = [...ports].reduce((text, [port, free]) => text.replaceAll(free, port), output);
    if (code !== 0) return [`${page}: stopped with exit code ${code} after\n${tail(shown)}`];
    return outputMistakes(fences, shown).map((mistake) => `${page}${mistake}`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * A block `text output` shows lines that the snippet before it printed, in their order; `…` stands for anything. Answers
 * `:line: what` for those it did not print.
 */
export function outputMistakes(fences: readonly Fence[], output: string): readonly string[] {
  const printed = new Map(
    output
      .split(MARK)
      .slice(1)
      .map((part): [number, string[]] => [Number.parseInt(part, 10), part.split('\n').slice(1)]),
  );
  const mistakes: string[] = [];
  let lines: string[] = [];
  for (const fence of fences) {
    lines = kindOf(fence) === null ? lines : [...(printed.get(fence.line) ?? [])];
    if (fence.lang !== 'text' || fence.info !== 'output') continue;
    for (const wanted of fence.text.split('\n').filter((line) => line.trim() !== '')) {
      const at = lines.findIndex((line) => looksLike(wanted, line));
      if (at < 0) mistakes.push(`:${fence.line}: not printed: ${wanted}`);
      else lines = lines.slice(at + 1);
    }
  }
  return mistakes;
}

function looksLike(wanted: string, line: string): boolean {
  const [first = '', ...rest] = wanted.trimEnd().split('…');
  if (rest.length === 0) return line.trimEnd() === first;
  if (!line.startsWith(first)) return false;
  let from = first.length;
  for (const piece of rest) {
    const at = line.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return true;
}

function kindOf(fence: Fence): 'run' | 'background' | null {
  const snippet = snippetOf(fence);
  return snippet === null || typeof snippet === 'string' || snippet.kind === 'no-run' ? null : snippet.kind;
}

function viewOf(root: string, directory: string, local: (text: string) => string): void {
  for (const name of readdirSync(root)) {
    if (UNSEEN.has(name)) continue;
    if (!COPIED.has(name)) symlinkSync(join(root, name), join(directory, name));
    else cpSync(join(root, name), join(directory, name), { recursive: true });
  }
  for (const name of COPIED) {
    for (const path of readdirSync(join(directory, name), { recursive: true, encoding: 'utf8' })) {
      const file = join(directory, name, path);
      if (statSync(file).isFile()) writeFileSync(file, local(readFileSync(file, 'utf8')));
    }
  }
}

/** A free port for each port that is written in `text` and in the example's configuration. */
async function freePorts(text: string): Promise<ReadonlyMap<string, string>> {
  const ports = new Map<string, string>();
  for (const port of new Set(['8420', ...(text.match(PORTS) ?? [])]))
    ports.set(port, String(await freePort()));
  return ports;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function bash(script: string, cwd: string): Promise<{ code: number; output: string }> {
  const child = spawn('bash', ['-c', script], { cwd, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  const endAll = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // the group has ended
    }
  };
  const timer = setTimeout(endAll, LIMIT);
  // What runs beside the page ends with it; only then has everything that was printed arrived.
  const closed = once(child, 'close');
  child.once('exit', endAll);
  const [code] = (await closed) as [number | null];
  clearTimeout(timer);
  return { code: code ?? -1, output };
}

function tail(output: string): string {
  const lines = output
    .replaceAll(new RegExp(`${MARK}(\\d+)`, 'g'), '--- line $1')
    .trimEnd()
    .split('\n');
  return lines.slice(-40).join('\n');
}
