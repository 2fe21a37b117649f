/** A small seeded generator (mulberry32): the same mutations on every machine. */
export interface Dice {
  /** a whole number from 0 (included) to `below` (excluded) */
  roll(below: number): number;
  pick<T>(of: readonly T[]): T;
}

export function createDice(seed: number): Dice {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
  const roll = (below: number): number => next() % below;
  return {
    roll,
    pick: (of) => {
      const one = of[roll(of.length)];
      if (one === undefined) throw new Error('nothing to pick from');
      return one;
    },
  };
}

/** A form request that is about to be sent. */
export interface Draft {
  readonly path: string;
  readonly form: ReadonlyMap<string, string>;
  readonly headers: Readonly<Record<string, string>>;
}

/** What is sent: the body as bytes, after mutations that no form could hold. */
export interface Mutated {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Uint8Array;
  /** what was done, to find it again */
  readonly how: string;
  /** whether the request provably asks for the same as before */
  readonly harmless: boolean;
}

const WORDS = [
  '',
  '\u0000',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  'NaN',
  '-1',
  '1e309',
  '[]',
  '{}',
  '*',
  '../..',
  '%',
  '\r\n',
  '\u001b[31m',
  '\ufeff',
  '\ud800',
  'true',
  "' OR 1=1 --",
  '<script>',
  'x'.repeat(5_000),
  '\u0661',
  'ｓvc',
];

/** Any text, changed in one place. */
export function changeText(dice: Dice, text: string): string {
  const at = dice.roll(text.length + 1);
  const rest = text.slice(at + 1);
  switch (dice.roll(6)) {
    case 0:
      return text.slice(0, at) + rest;
    case 1:
      return text.slice(0, at) + dice.pick(WORDS) + text.slice(at);
    case 2:
      return text.slice(0, at) + String.fromCharCode(dice.roll(0x180)) + rest;
    case 3:
      return text.slice(0, at);
    case 4:
      return text + text;
    default:
      return dice.pick(WORDS);
  }
}

/** A JSON text, changed in one of its members. */
export function changeJson(dice: Dice, text: string): string {
  const value: unknown = JSON.parse(text);
  const wanted = dice.roll(8);
  let seen = 0;
  const change = (each: unknown): unknown => {
    if (seen++ === wanted)
      return dice.pick<unknown>([
        null,
        [],
        {},
        [each],
        { a: each },
        1e300,
        -0.5,
        true,
        dice.pick(WORDS),
        `${String(each)} `,
      ]);
    if (Array.isArray(each)) return each.map(change);
    if (typeof each !== 'object' || each === null) return each;
    const members = Object.entries(each).map(([name, member]): [string, unknown] => [name, change(member)]);
    return Object.fromEntries(dice.roll(6) === 0 ? [...members, [dice.pick(WORDS), 1]] : members);
  };
  const changed = JSON.stringify(change(value));
  return dice.roll(5) === 0 ? changed.replace('{', '{"__proto__":{"x":1},') : changed;
}

/** A compact JWS, changed in one part: its bytes, its JSON, its order or its spelling. */
export function changeJws(dice: Dice, token: string): string {
  const parts = token.split('.');
  const at = dice.roll(parts.length);
  const part = parts[at] ?? '';
  switch (dice.roll(5)) {
    case 0:
      return changeText(dice, token);
    case 1:
      parts[at] = changeText(dice, part);
      break;
    case 2:
      parts[at] =
        at < 2
          ? Buffer.from(changeJson(dice, Buffer.from(part, 'base64url').toString())).toString('base64url')
          : part.slice(0, -2);
      break;
    case 3:
      parts[at] = flipBit(dice, part);
      break;
    default:
      return dice.pick([
        parts.toReversed().join('.'),
        `${token}.`,
        `${token}=`,
        `${token} `,
        parts.slice(0, 2).join('.'),
        `${parts.slice(0, 2).join('.')}.`,
        token.replaceAll('.', '..'),
      ]);
  }
  return parts.join('.');
}

function flipBit(dice: Dice, part: string): string {
  const bytes = Buffer.from(part, 'base64url');
  const at = dice.roll(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << dice.roll(8));
  return bytes.toString('base64url');
}

export const HEADERS = [
  'x-forwarded-host',
  'x-forwarded-for',
  'forwarded',
  'traceparent',
  'tracestate',
  'baggage',
  'accept',
  'cookie',
  'origin',
  'if-none-match',
  'range',
  'user-agent',
  'x-http-method-override',
  'te',
];

/** One mutation of a good request. `unread` are parameters that the endpoint ignores. */
export function mutate(
  dice: Dice,
  { path, form, headers }: Draft,
  jws: readonly string[],
  json: readonly string[],
): Mutated {
  const pairs = [...form];
  const name = dice.pick(pairs)[0];
  const value = form.get(name) ?? '';
  const written = (entries: Iterable<readonly [string, string]>): string =>
    [...entries].map(([key, each]) => `${encode(key)}=${encode(each)}`).join('&');
  const made = (how: string, more: Partial<Mutated> = {}): Mutated => ({
    path,
    headers,
    body: Buffer.from(written(pairs)),
    how,
    harmless: false,
    ...more,
  });
  const withValue = (how: string, changed: string): Mutated =>
    made(`${how} ${name}: ${changed.slice(0, 80)}`, {
      body: Buffer.from(written(pairs.map(([key, each]) => [key, key === name ? changed : each]))),
      harmless: changed === value,
    });
  switch (dice.roll(9)) {
    case 0:
      return made('unknown parameter', {
        body: Buffer.from(`${written(pairs)}&${encode(`x${dice.pick(WORDS)}`)}=${encode(dice.pick(WORDS))}`),
        harmless: true,
      });
    case 1:
      return made('order of parameters', { body: Buffer.from(written(pairs.toReversed())), harmless: true });
    case 2: {
      const header = dice.pick(HEADERS);
      return made(`header ${header}`, {
        headers: { ...headers, [header]: dice.pick(['x', 'evil.example', '00-0-0-0', 'bytes=0-1', '*']) },
        harmless: true,
      });
    }
    case 3:
      return made(`without ${name}`, { body: Buffer.from(written(pairs.filter(([key]) => key !== name))) });
    case 4:
      return made(`${name} twice`, {
        body: Buffer.from(`${written(pairs)}&${name}=${encode(dice.pick([value, changeText(dice, value)]))}`),
      });
    case 5:
      return bytesChanged(dice, made('bytes'));
    case 6:
      return withValue('text of', changeText(dice, value));
    default:
      if (jws.includes(name)) return withValue('jws', changeJws(dice, value));
      if (json.includes(name)) return withValue('json', changeJson(dice, value));
      return headersChanged(dice, made('header'));
  }
}

function bytesChanged(dice: Dice, request: Mutated): Mutated {
  const body = Buffer.from(request.body);
  const at = dice.roll(body.length);
  const before = body[at];
  body[at] = dice.roll(256);
  return { ...request, how: `byte ${at} to ${body[at] ?? 0}`, body, harmless: body[at] === before };
}

function headersChanged(dice: Dice, request: Mutated): Mutated {
  const names = Object.keys(request.headers);
  const [name] = names;
  if (name === undefined) return { ...request, how: 'nothing', harmless: true };
  const value = String(request.headers[name]);
  const changed = changeJws(dice, value)
    .replaceAll(/[^\x21-\x7e]/g, '~')
    .slice(0, 8_000);
  const twice = dice.roll(4) === 0;
  return {
    ...request,
    how: `header ${name} ${twice ? 'twice' : changed.slice(0, 80)}`,
    headers: { ...request.headers, [name]: twice ? [value, changed] : changed },
    harmless: !twice && changed === value,
  };
}

/** Percent-encoding that also writes what is no text. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
