import { existsSync, readFileSync } from 'node:fs';
import type { AskedIdentity } from '@writ/client';
import { formatProblem, jsonOf, parseYaml } from '@writ/flow';
import { CommandFailure } from './exit-code.ts';

/**
 * What a file asks for, or standard input for `-`: the body of `POST /runs`, in YAML or JSON. Whether it has every member
 * that it must have is for the server to say, which then says all of them.
 * @throws CommandFailure `usage`, `not-found`
 */
export function readManifest(file: string): AskedIdentity {
  if (file !== '-' && !existsSync(file))
    throw new CommandFailure('not-found', `there is no file \`${file}\``);
  const { root, problems } = parseYaml(file, readFileSync(file === '-' ? 0 : file, 'utf8'));
  if (root === null || root.kind !== 'map')
    throw new CommandFailure('usage', problems.map(formatProblem).join('\n') || `${file} is no map`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is sent as it is, and the server says what is wrong with it
  return jsonOf(root) as unknown as AskedIdentity;
}
