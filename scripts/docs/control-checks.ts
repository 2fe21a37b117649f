import { CHECK_NAMES, CONTROL_CHECKS } from '@writ/flow';
import { table } from './tables.ts';

/** What policy packs can check, from the closed list of checks. */
export function controlCheckTable(): string {
  const rows = CHECK_NAMES.map((name) => {
    const { bound, means } = CONTROL_CHECKS[name];
    return [`\`${name}\``, bound === null ? '' : `\`${bound.name}\``, means];
  });
  return table(['check', '`with`', 'passes where'], rows);
}
