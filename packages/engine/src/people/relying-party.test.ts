import { describe, expect, test } from 'vitest';
import { relyingParty } from './relying-party.ts';

describe('where passkeys are for', () => {
  test.each([
    ['https://writ.acme.example', 'writ.acme.example', 'https://writ.acme.example'],
    ['https://acme.example/writ', 'acme.example', 'https://acme.example'],
    ['https://writ.acme.example:8443', 'writ.acme.example', 'https://writ.acme.example:8443'],
    ['http://localhost:8420', 'localhost', 'http://localhost:8420'],
    ['https://1.2.3.4.example', '1.2.3.4.example', 'https://1.2.3.4.example'],
  ])('is the host of the public URL, and their page its origin: %s', (url, rpId, origin) => {
    expect(relyingParty(url)).toEqual({ rpId, origin });
  });

  test.each([
    'http://127.0.0.1:8420',
    'https://192.0.2.7',
    'https://[2001:db8::1]',
    'https://2130706433',
    'https://0x7f.1',
  ])('is no address, however it is written: %s', (url) => {
    expect(() => relyingParty(url)).toThrow('a passkey needs a host name');
  });
});
