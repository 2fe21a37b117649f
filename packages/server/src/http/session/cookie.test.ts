import { describe, expect, test } from 'vitest';
import { readCookie, sessionCookie } from './cookie.ts';

describe('the cookie of a session', () => {
  test('over TLS is of this host alone, sent over TLS alone, from pages of this site alone, and no script reads it', () => {
    const cookie = sessionCookie('https://acme.example/writ');
    expect(cookie.give('secret', 3_600)).toBe(
      '__Host-writ=secret; Max-Age=3600; Path=/; HttpOnly; SameSite=Strict; Secure',
    );
    expect(cookie.take()).toBe('__Host-writ=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict; Secure');
  });

  test('on localhost, where there is no TLS, goes without what needs it', () => {
    expect(sessionCookie('http://localhost:8420').give('secret', 60)).toBe(
      'writ=secret; Max-Age=60; Path=/; HttpOnly; SameSite=Strict',
    );
  });
});

describe('reading a cookie', () => {
  test.each([
    ['writ=a', 'a'],
    ['other=b; writ=a', 'a'],
    ['writ=a ; other=b', 'a'],
    ['writ=', ''],
    ['writ=a=b', 'a=b'],
    ['', null],
    ['xwrit=a', null],
    ['writx=a', null],
    ['WRIT=a', null],
    ['writ', null],
    ['__Host-writ=a', null],
  ])('%j holds %j', (header, value) => {
    expect(readCookie(header, 'writ')).toBe(value);
  });

  test('one that is there twice is none: nobody knows who set which', () => {
    expect(readCookie('writ=a; writ=b', 'writ')).toBeNull();
    expect(readCookie('writ=a; writ=a', 'writ')).toBeNull();
  });

  test('no header holds none', () => {
    expect(readCookie(undefined, 'writ')).toBeNull();
  });
});
