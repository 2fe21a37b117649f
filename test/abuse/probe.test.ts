import { createDpopKey, startWorld } from '@writ/testkit';
import { test } from 'vitest';
import { readFileSync } from 'node:fs';

test('probe', async () => {
  await using world = await startWorld();
  const key = createDpopKey();
  const show = async (name: string, p: Promise<Response>) => { const r = await p; console.log(name, r.status, JSON.stringify(Object.fromEntries(r.headers)), (await r.text()).slice(0, 300)); };
  for (const g of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    const r = await world.post('/token', world.form({ grant_type: g }));
    console.log(g, r.status, r.body);
  }
  await show('badurl', fetch(world.url + '/tile/%'));
  await show('notfound', fetch(world.url + '/nope'));
  await show('long', fetch(world.url + '/receipts/' + 'a'.repeat(200)));
  await show('post metadata', fetch(world.url + '/.well-known/oauth-authorization-server', { method: 'POST' }));
  await show('post jwks json', fetch(world.url + '/jwks', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }));
  await show('get token', fetch(world.url + '/token'));
  await show('propfind', fetch(world.url + '/token', { method: 'PROPFIND' }));
  await show('json token', fetch(world.url + '/token', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }));
  await show('no type', fetch(world.url + '/token', { method: 'POST', body: new Uint8Array([97]) }));
  await show('empty', fetch(world.url + '/token', { method: 'POST' }));
  await show('get with form type', fetch(world.url + '/jwks', { method: 'PUT', body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } }));
  await show('1MB', fetch(world.url + '/token', { method: 'POST', body: 'a=' + 'x'.repeat(1 << 20), headers: { 'content-type': 'application/x-www-form-urlencoded' } }));
  const text = readFileSync('examples/acme/sources.yaml', 'utf8');
  await show('checkpoint', fetch(world.url + '/checkpoint'));
  await show('tile', fetch(world.url + '/tile/0/000.p/3'));
  await show('tile', fetch(world.url + '/tile/63/000.p/3'));
  await show('tile', fetch(world.url + '/tile/0/x999/x999/x999/x999/x999/999'));
  await show('tile', fetch(world.url + '/tile/entries/x999/x999/x999/x999/x999/999'));
  const replay = await world.exchange(key);
  console.log(replay.status);
});
test('probe wait', async () => {
  const text = readFileSync('examples/acme/sources.yaml', 'utf8').replace('value: open', 'value: closed');
  await using world = await startWorld({ files: { 'sources.yaml': text } });
  const key = createDpopKey();
  const a = await world.exchange(key);
  console.log(a.status, a.body);
  const b = await world.exchange(key);
  console.log(b.status, b.body['writ_run']);
  const c = await world.exchange(key, { writ_run: String(a.body['writ_run']) });
  console.log(c.status, c.body);
});
