import { inspect } from 'node:util';
import { EVENT_TYPES, WritError } from '@writ/core';
import { parseYaml } from '@writ/flow';
import { describe, expect, test } from 'vitest';
import { type WebhookSetting, webhookSettings, withSecrets } from './webhooks.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const ONE = {
  name: 'ops-chat',
  url: 'https://hooks.example/writ',
  'secret-file': 'ops.secret',
  events: 'all',
};

/** What the list says, or every mistake in it: JSON is YAML. */
function read(list: unknown): readonly WebhookSetting[] | readonly string[] {
  const yaml = parseYaml('writ.yaml', typeof list === 'string' ? list : JSON.stringify(list));
  const mistakes = yaml.problems.map(({ message }) => message);
  const value =
    yaml.root === null ? undefined : webhookSettings(yaml.root, (_, message) => mistakes.push(message));
  return value === undefined || mistakes.length > 0 ? mistakes : value;
}

describe('the list of webhooks', () => {
  test('says who is told what', () => {
    expect(
      read(`
- name: ops-chat
  url: https://hooks.example/writ
  secret-file: ops.secret
  events: all
- name: inside
  url: http://127.0.0.1:8080/hooks
  secret-file: /etc/writ/inside
  events: [run.waiting, freeze]
  private-addresses: true
`),
    ).toEqual([
      {
        name: 'ops-chat',
        url: 'https://hooks.example/writ',
        secretFile: 'ops.secret',
        events: new Set(EVENT_TYPES),
        privateAddresses: false,
      },
      {
        name: 'inside',
        url: 'http://127.0.0.1:8080/hooks',
        secretFile: '/etc/writ/inside',
        events: new Set(['run.waiting', 'freeze']),
        privateAddresses: true,
      },
    ]);
    expect(read([])).toEqual([]);
  });

  test.each<[string, unknown, string]>([
    [
      'an unknown event',
      [{ ...ONE, events: ['run.waiting', 'run.thawed'] }],
      'there is no event `run.thawed`',
    ],
    ['an event of the language', [{ ...ONE, events: ['toString'] }], 'there is no event `toString`'],
    ['an event twice', [{ ...ONE, events: ['freeze', 'freeze'] }], 'twice'],
    ['no event', [{ ...ONE, events: [] }], 'at least one event'],
    ['something else than all', [{ ...ONE, events: 'freeze' }], 'expected one of all'],
    ['everything in a list', [{ ...ONE, events: ['all'] }], 'there is no event `all`'],
    ['a secret in the file itself', [{ ...ONE, secret: SECRET }], 'unknown key `secret`'],
    ['no file of secrets', [{ ...ONE, 'secret-file': undefined }], '`secret-file` is missing'],
    ['an empty path', [{ ...ONE, 'secret-file': '' }], 'expected a text'],
    ['no name', [{ ...ONE, name: undefined }], '`name` is missing'],
    ['a name with a line', [{ ...ONE, name: 'a\nb' }], 'expected a name'],
    [
      'the same name twice',
      [ONE, { ...ONE, url: 'https://other.example/' }],
      'two webhooks are called `ops-chat`',
    ],
    ['no list', ONE, 'expected a list'],
    ['twenty-one', Array.from({ length: 21 }, (_, i) => ({ ...ONE, name: `n${i}` })), 'more than 20'],
    ['a text for a flag', [{ ...ONE, 'private-addresses': 'yes' }], 'expected true or false'],
  ])('%s is refused', (_name, list, why) => {
    expect(read(list)).toContainEqual(expect.stringContaining(why));
  });

  test.each([
    ['http://hooks.example/', false],
    ['http://127.0.0.1/', false],
    ['https://127.0.0.1/', false],
    ['https://0x7f.1/', false],
    ['https://[::1]/', false],
    ['https://10.1.2.3/', false],
    ['https://[::ffff:10.1.2.3]/', false],
    ['https://169.254.169.254/', false],
    ['https://169.254.169.254/', true],
    ['https://[fd00:ec2::254]/', true],
    ['http://10.1.2.3/', true],
    ['http://93.184.215.14/', true],
    ['https://user:canary@hooks.example/', true],
    ['https://hooks.example/#canary', true],
    ['hooks.example', true],
  ])('O4 %s is refused when it is read (private addresses: %s)', (url, inside) => {
    const mistakes = read([{ ...ONE, url, 'private-addresses': inside }]);
    expect(mistakes).toEqual([expect.stringContaining('webhook `ops-chat`: ')]);
    expect(JSON.stringify(mistakes)).not.toContain('canary');
  });

  test.each(['https://10.1.2.3/', 'https://localhost/', 'http://localhost:1/', 'https://[fd00::1]/'])(
    'O4 %s is accepted where private addresses are',
    (url) => {
      expect(read([{ ...ONE, url, 'private-addresses': true }])).toMatchObject([{ url }]);
    },
  );
});

describe('secrets of webhooks', () => {
  const settings = read([ONE]) as readonly WebhookSetting[];
  const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

  test.each([`${SECRET}\n`, SECRET, `${SECRET}\r\n\n${other}\n`])(
    'come from a file, one a line: %j',
    (text) => {
      const asked: string[] = [];
      const [webhook] = withSecrets(settings, (path, help) => {
        asked.push(path, help);
        return text;
      });
      expect(asked).toEqual(['ops.secret', expect.stringContaining('`ops-chat`')]);
      expect(webhook?.secrets.map((secret) => secret.reveal())).toEqual(
        [SECRET, other].slice(0, text.includes(other) ? 2 : 1),
      );
      expect(webhook).toMatchObject({
        name: 'ops-chat',
        url: ONE.url,
        privateAddresses: false,
        timeout: 15_000,
      });
    },
  );

  test('O1 are printed by nothing', () => {
    const webhooks = withSecrets(settings, () => SECRET);
    expect(
      inspect(webhooks, { depth: 9 }) + JSON.stringify(webhooks) + String(webhooks[0]?.secrets),
    ).not.toContain('MfKQ9');
  });

  test.each([
    '',
    '\n',
    'canary',
    `${SECRET}\ncanary`,
    ` ${SECRET}`,
    `${SECRET} # canary`,
    `${SECRET}\n`.repeat(5),
  ])('O1 %j is refused, and not repeated', (text) => {
    const attempt = () => withSecrets(settings, () => text);
    expect(attempt).toThrow(WritError);
    expect(attempt).not.toThrow(/canary|MfKQ9/);
  });
});
