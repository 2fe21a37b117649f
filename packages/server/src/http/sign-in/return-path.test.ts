import { describe, expect, test } from 'vitest';
import { returnPath } from './return-path.ts';

describe('where a sign-in leads afterwards', () => {
  test.each([
    ['https://writ.acme.example', '/inbox', '/inbox'],
    ['https://writ.acme.example', '/approve/run_1-a?rule=x', '/approve/run_1-a?rule=x'],
    ['https://acme.example/writ', '/writ/inbox', '/writ/inbox'],
    ['https://acme.example/writ', '/writ', '/writ'],
  ])('below %s to %s', (url, asked, to) => {
    expect(returnPath(asked, url)).toBe(to);
  });

  test.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/%2f/evil.example',
    '/.//evil.example',
    '/x//evil.example',
    '/..//evil.example',
    '?to=//evil.example',
    'inbox',
    'javascript:alert(1)',
    '/x#y',
    '/x"onload=',
    '/x\r\nSet-Cookie: a=b',
    '/x;url=https://evil.example',
    `/${'x'.repeat(500)}`,
    '',
    null,
    undefined,
    ['/inbox'],
  ])('never elsewhere: %j', (asked) => {
    expect(returnPath(asked, 'https://writ.acme.example')).toBe('/');
  });

  test.each(['/', '/other', '/writing', '/writ/../other', '/writ/..'])(
    'nor out of the path of the public URL: %s',
    (asked) => {
      expect(returnPath(asked, 'https://acme.example/writ')).toBe('/writ/');
    },
  );
});
