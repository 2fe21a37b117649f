// A stand-in for GitHub's issuer on your own machine: discovery, keys, and `/token?ref=…`, which signs whatever ref it is
// asked for. It shows what an anchor believes; never believe it anywhere else.
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';

const port = Number(process.argv[2] ?? 8421);
const issuer = `http://127.0.0.1:${port}`;
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' };

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The claims of a release run of acme/payments, as GitHub's issuer makes them. */
function token(ref) {
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    iss: issuer,
    aud: 'https://writ.acme.example',
    iat,
    exp: iat + 300,
    jti: randomUUID(),
    sub: 'repo:acme/payments:environment:production',
    repository: 'acme/payments',
    repository_id: '551237781',
    repository_owner: 'acme',
    repository_owner_id: '65',
    ref,
    ref_type: 'branch',
    ref_protected: 'true',
    event_name: 'push',
    environment: 'production',
    runner_environment: 'self-hosted',
    actor_id: '12',
  };
  const input = `${encode({ alg: 'RS256', typ: 'JWT', kid: 'one' })}.${encode(claims)}`;
  return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
}

createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', issuer);
  const answers = {
    '/.well-known/openid-configuration': () => JSON.stringify({ issuer, jwks_uri: `${issuer}/jwks` }),
    '/jwks': () => JSON.stringify({ keys: [jwk] }),
    '/token': () => token(searchParams.get('ref') ?? 'refs/heads/release-1'),
  };
  const answer = Object.hasOwn(answers, pathname) ? answers[pathname] : undefined;
  response.writeHead(answer === undefined ? 404 : 200).end(answer?.());
}).listen(port, '127.0.0.1');
