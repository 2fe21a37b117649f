/** Text that YAML 1.2 reads as itself whatever the reader's version takes for a number, a date or a truth. */
const PLAIN = /^[A-Za-z](?:[A-Za-z0-9_./@-]| (?=[A-Za-z0-9]))*$/;
const WORDS = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** A value as YAML, in block style. */
export function yamlOf(value: unknown): string {
  return `${blockOf(value, '').join('\n')}\n`;
}

function blockOf(value: unknown, indent: string): readonly string[] {
  if (Array.isArray(value) && value.length > 0)
    return value.flatMap((each: unknown) => {
      const [first = '', ...more] = blockOf(each, `${indent}  `);
      return [`${indent}- ${first.trimStart()}`, ...more];
    });
  const entries = isMap(value) ? Object.entries(value) : [];
  if (entries.length === 0) return [indent + scalarOf(value)];
  return entries.flatMap(([name, inner]: [string, unknown]) =>
    isNested(inner)
      ? [`${indent}${textOf(name)}:`, ...blockOf(inner, `${indent}  `)]
      : [`${indent}${textOf(name)}: ${scalarOf(inner)}`],
  );
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNested(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : isMap(value) && Object.keys(value).length > 0;
}

function scalarOf(value: unknown): string {
  return typeof value === 'string' ? textOf(value) : (JSON.stringify(value) ?? 'null');
}

/** JSON's strings are YAML's; what others wrote is escaped so that no terminal takes it for a command (L6). */
function textOf(text: string): string {
  if (PLAIN.test(text) && !WORDS.test(text)) return text;
  return JSON.stringify(text).replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, escaped);
}

function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');
}
