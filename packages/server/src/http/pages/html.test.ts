import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { html } from './html.ts';

const text = fc.string({ unit: 'binary', maxLength: 40 });
const hostile = fc.oneof(
  text,
  fc.constantFrom(
    '</p><script>alert(1)</script>',
    '" onfocus="alert(1)',
    "' onfocus='alert(1)",
    '&lt;b&gt;',
    '<!--',
    ']]>',
    '&#x3c;img src=x>',
    '\u0000<b>',
  ),
);

/** What a browser reads of a text without tags, for the five characters that are escaped. */
function read(markup: string): string {
  return markup
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

/** Without what cannot be seen. */
function visible(value: string): boolean {
  return !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(value.replaceAll(/[\t\n]/g, ''));
}

describe('what is put into a page', () => {
  test('stays text: no value adds a tag, a quote or an entity', () => {
    fc.assert(
      fc.property(hostile, hostile, (inText, inAttribute) => {
        const page = String(html`<p title="${inAttribute}">${inText}</p>`);
        const [, title, content] = /^<p title="([^"<>]*)">([^"'<>]*)<\/p>$/.exec(page) ?? [];
        expect(title).toBeDefined();
        expect(!visible(inText) || read(content ?? '') === inText).toBe(true);
        expect(!visible(inAttribute) || read(title ?? '') === inAttribute).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is seen as it is: what turns text around, or has no shape, is spelled out', () => {
    expect(String(html`<p>${'a\u202Eb\u0000c\u200Bd\u2028e\uD800f'}</p>`)).toBe(
      '<p>a[U+202E]b[U+0000]c[U+200B]d[U+2028]e[U+D800]f</p>',
    );
    fc.assert(
      fc.property(hostile, (value) => {
        expect(visible(String(html`${value}`))).toBe(true);
      }),
    );
  });

  test('may be other pieces, in lists, or nothing', () => {
    const items = ['a', 'b & c'].map((item) => html`<li>${item}</li>`);
    expect(String(html`<ul>${items}</ul>${null}${3}`)).toBe('<ul><li>a</li><li>b &amp; c</li></ul>3');
  });

  test('is refused in a tag outside quotes, and a piece inside them', () => {
    expect(() => html`<p ${'hidden'}>`).toThrow('outside quotes');
    expect(() => html`<p title=${'x'}>`).toThrow('outside quotes');
    expect(() => html`<p title="${html`<b>`}">`).toThrow('one text or number');
    expect(() => html`<p title="${['a']}">`).toThrow('one text or number');
  });

  test('is no piece because it looks like one', () => {
    const forged = JSON.parse('{"text":"<b>","toString":"<b>"}');
    expect(() => html`<p>${forged}</p>`).toThrow('Cannot convert object to primitive value');
  });
});
