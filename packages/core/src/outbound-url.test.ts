import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseOutboundUrl, refusedAddress } from './outbound-url.ts';

function refusal(text: string, inside: boolean): string | null {
  const read = parseOutboundUrl(text, inside);
  return 'refused' in read ? read.refused : null;
}

describe('parseOutboundUrl', () => {
  test.each([
    ['https://hooks.example/writ', 'hooks.example', true],
    ['https://hooks.example:8443/writ?x=y', 'hooks.example', true],
    ['https://93.184.215.14/', '93.184.215.14', true],
    ['https://[2606:4700::1111]/', '2606:4700::1111', true],
  ])('O4 reads %s', (text, host, https) => {
    const read = parseOutboundUrl(text, false);
    expect(read).toMatchObject({ url: { href: text, host, https } });
    expect([...('url' in read ? read.url.allowed : [])]).toEqual(['public']);
  });

  test.each([
    ['', 'the url is not one'],
    ['hooks', 'the url is not one'],
    ['//hooks.example', 'the url is not one'],
    ['https://', 'the url is not one'],
    ['https://user@hooks.example/', 'without user'],
    ['https://:password@hooks.example/', 'without user'],
    ['https://hooks.example/#x', 'fragment'],
    ['ftp://hooks.example/', 'must be https'],
    ['file:///etc/passwd', 'must be https'],
    ['data:text/plain,x', 'must be https'],
    ['http://10.0.0.1/', 'not allowed'],
    ['http://1.1.1.1/', 'not allowed'],
    ['http://169.254.169.254/latest', 'not allowed'],
    ['https://169.254.169.254/latest', 'not allowed'],
    ['https://2852039166/', 'not allowed'],
    ['https://0xa9fea9fe/', 'not allowed'],
    ['https://[::ffff:169.254.169.254]/', 'not allowed'],
    ['https://[fd00:ec2::254]/', 'not allowed'],
    ['https://0/', 'not allowed'],
    ['https://[::]/', 'not allowed'],
  ])('O4 refuses %j, whatever is allowed', (text, reason) => {
    expect(refusal(text, true)).toContain(reason);
    expect(refusal(text, false)).not.toBeNull();
  });

  test.each([
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://１２７.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[fd00::1]/',
    'https://192.168.1.1/',
    'https://[fe80::1]/',
    'http://127.0.0.1:8080/',
    'http://[::1]:8080/',
    'http://localhost/',
  ])('O4 leads into our own network only where that is allowed: %s', (text) => {
    expect(refusal(text, false)).toMatch(/not allowed|must be https/);
    expect(refusal(text, true)).toBeNull();
  });

  test('O1 a refusal tells nothing of path, query and user', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.constantFrom('http', 'https', 'ftp'), (inside, protocol) => {
        const text = `${protocol}://canary:canary@169.254.169.254/canary?canary#canary`;
        expect(refusal(text, inside)).not.toContain('canary');
        expect(refusal(text.replace('canary:canary@', '').replace('#canary', ''), inside)).not.toContain(
          'canary',
        );
      }),
    );
  });
});

describe('refusedAddress', () => {
  const name = (text: string, inside: boolean) => {
    const read = parseOutboundUrl(text, inside);
    if ('refused' in read) throw new Error(read.refused);
    return read.url;
  };

  test('O4 a name may lead where the URL may, with every address it has', () => {
    const url = name('https://hooks.example/', false);
    expect(refusedAddress(url, ['93.184.215.14', '2606:4700::1111'])).toBeNull();
    expect(refusedAddress(url, ['93.184.215.14', '10.0.0.1'])).toContain('10.0.0.1');
    expect(refusedAddress(url, ['127.0.0.1'])).toContain('not allowed');
    expect(refusedAddress(url, ['169.254.169.254'])).toContain('not allowed');
    expect(refusedAddress(url, ['hooks.example'])).toContain('not allowed');
    expect(refusedAddress(url, [])).toContain('no address');
  });

  test('O4 where private addresses are allowed the metadata services are not, and http is for loopback alone', () => {
    const https = name('https://hooks.internal/', true);
    expect(refusedAddress(https, ['10.0.0.1', '127.0.0.1', '1.1.1.1'])).toBeNull();
    expect(refusedAddress(https, ['169.254.169.254'])).toContain('not allowed');
    const http = name('http://hooks.internal/', true);
    expect(refusedAddress(http, ['127.0.0.1', '::1'])).toBeNull();
    expect(refusedAddress(http, ['10.0.0.1'])).toContain('not allowed');
    expect(refusedAddress(http, ['1.1.1.1'])).toContain('not allowed');
  });
});
