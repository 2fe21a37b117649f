// Loaded before the server: notes the digest of everything that an issuer key signs, in a file that survives SIGKILL.
// It is written before the signature is handed on, so that a signature nobody received is known too.
import crypto from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const file = openSync(process.env.SIGNATURES, 'a');
const { sign } = crypto;
crypto.sign = (algorithm, data, key, ...rest) => {
  const signature = sign(algorithm, data, key, ...rest);
  if (key.asymmetricKeyType === 'ec') {
    const digest = crypto.createHash('sha256').update('writ/tbs/jwt/1\n').update(data).digest('hex');
    writeSync(file, `${digest}\n`);
  }
  return signature;
};
syncBuiltinESMExports();
