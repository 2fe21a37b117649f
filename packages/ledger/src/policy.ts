import type { Hash } from './hash.ts';
import { encodeHex } from './hex.ts';
import { LedgerError } from './ledger-error.ts';
import { parseDecimal } from './size.ts';
import { parseVerifierKey, type VerifierKey } from './verifier-key.ts';

/** A log whose checkpoints are accepted; the key's name is the log's origin. */
export interface PolicyLog {
  readonly key: VerifierKey;
  readonly url: string | null;
}

/** A witness that may count towards the quorum. */
export interface PolicyWitness {
  /** Its name inside this policy. */
  readonly name: string;
  readonly key: VerifierKey;
  readonly url: string | null;
}

/** Who must have cosigned. */
export type Quorum =
  | { readonly kind: 'none' }
  | { readonly kind: 'witness'; readonly name: string }
  | {
      readonly kind: 'group';
      readonly name: string;
      readonly threshold: number;
      readonly members: readonly Quorum[];
    };

/** When a checkpoint is believed: signed by one of the logs and cosigned by the quorum. */
export interface Policy {
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  readonly quorum: Quorum;
}

interface Draft {
  readonly hash: Hash;
  readonly logs: PolicyLog[];
  readonly witnesses: PolicyWitness[];
  readonly names: Map<string, Quorum>;
  readonly members: Set<string>;
  quorum: Quorum | null;
}

const FORBIDDEN = /[^\P{Cc}\t\n\u0080-\u009f]/u;
const NONE = 'none';

/** The kinds of lines and what each one adds. */
const LINES: ReadonlyMap<string, (draft: Draft, words: readonly string[]) => void> = new Map([
  ['log', addLog],
  ['witness', addWitness],
  ['group', addGroup],
  ['quorum', setQuorum],
]);

/**
 * Reads a trust policy file. Only Ed25519 log keys (0x01) and Ed25519 witness keys (0x04) are spoken; others
 * are refused by name, as a witness that can never count would weaken nothing but surprise everybody.
 * C2SP tlog-policy.
 *
 * @throws LedgerError `policy-malformed`, naming the line
 */
export function parsePolicy(hash: Hash, text: string): Policy {
  if (FORBIDDEN.test(text)) throw malformed(0, 'it holds a control character other than tab and newline');
  if (!text.endsWith('\n')) throw malformed(0, 'its last line does not end');
  const draft: Draft = { hash, logs: [], witnesses: [], names: new Map(), members: new Set(), quorum: null };
  for (const [i, line] of text.slice(0, -1).split('\n').entries()) {
    const [kind, ...words] = line.split(/[ \t]+/).filter((word) => word !== '');
    if (kind === undefined || kind.startsWith('#')) continue;
    const add = LINES.get(kind);
    if (add === undefined) throw malformed(i + 1, `\`${kind}\` is not log, witness, group or quorum`);
    try {
      add(draft, words);
    } catch (error) {
      throw malformed(i + 1, error instanceof LedgerError ? error.message : 'it cannot be read');
    }
  }
  if (draft.quorum === null)
    throw malformed(0, 'it has no quorum line; write `quorum none` to ask for no witness');
  return { logs: draft.logs, witnesses: draft.witnesses, quorum: draft.quorum };
}

function addLog(draft: Draft, words: readonly string[]): void {
  const [text, url, ...more] = words;
  if (text === undefined || more.length > 0) throw wrong('a log line is `log <vkey> [<url>]`');
  const key = parseVerifierKey(draft.hash, text);
  if (key.type !== 'ed25519') throw wrong(`the key of log \`${key.name}\` is not of type 0x01`);
  refuseDuplicate(draft.logs, key);
  draft.logs.push({ key, url: url ?? null });
}

function addWitness(draft: Draft, words: readonly string[]): void {
  const [name, text, url, ...more] = words;
  if (name === undefined || text === undefined || more.length > 0) {
    throw wrong('a witness line is `witness <name> <vkey> [<url>]`');
  }
  const key = parseVerifierKey(draft.hash, text);
  if (key.type !== 'cosignature-v1') throw wrong(`the key of witness \`${name}\` is not of type 0x04`);
  refuseDuplicate(draft.witnesses, key);
  define(draft, name, { kind: 'witness', name });
  draft.witnesses.push({ name, key, url: url ?? null });
}

function addGroup(draft: Draft, words: readonly string[]): void {
  const [name, rule, ...memberNames] = words;
  if (name === undefined || rule === undefined || memberNames.length === 0) {
    throw wrong('a group line is `group <name> all|any|<k> <name>…`');
  }
  const members = memberNames.map((member) => {
    if (draft.members.has(member)) throw wrong(`\`${member}\` is already a member of a group`);
    draft.members.add(member);
    return defined(draft, member);
  });
  const threshold = rule === 'all' ? members.length : rule === 'any' ? 1 : parseDecimal(rule);
  if (threshold === null || threshold < 1 || threshold > members.length) {
    throw wrong(`threshold \`${rule}\` is not all, any, or from 1 to ${members.length}`);
  }
  define(draft, name, { kind: 'group', name, threshold, members });
}

function setQuorum(draft: Draft, words: readonly string[]): void {
  const [name, ...more] = words;
  if (name === undefined || more.length > 0) throw wrong('a quorum line is `quorum <name>`');
  if (draft.quorum !== null) throw wrong('there is a quorum line already');
  draft.quorum = name === NONE ? { kind: 'none' } : defined(draft, name);
}

function define(draft: Draft, name: string, quorum: Quorum): void {
  if (name === NONE) throw wrong('`none` is a reserved name');
  if (draft.names.has(name)) throw wrong(`\`${name}\` is defined twice`);
  draft.names.set(name, quorum);
}

function defined(draft: Draft, name: string): Quorum {
  const quorum = draft.names.get(name);
  if (quorum === undefined) throw wrong(`\`${name}\` is not defined on a line before`);
  return quorum;
}

function refuseDuplicate(known: readonly { readonly key: VerifierKey }[], key: VerifierKey): void {
  const publicKey = encodeHex(key.publicKey);
  if (known.some((other) => encodeHex(other.key.publicKey) === publicKey)) {
    throw wrong(`the public key of \`${key.name}\` is listed twice`);
  }
}

function wrong(why: string): LedgerError {
  return new LedgerError('policy-malformed', why);
}

function malformed(line: number, why: string): LedgerError {
  return new LedgerError(
    'policy-malformed',
    line === 0 ? `policy is malformed: ${why}` : `policy line ${line}: ${why}`,
  );
}
