import type { ApiProblem } from '@writ/client';
import type { ExitName } from '../exit-code.ts';
import { exitFor } from '../exit-code.ts';
import { clean } from './print.ts';

/** What the API answered instead: every reason with what helps, and what `writ explain` takes. */
export function problemLines({ message, reasons, help, reference }: ApiProblem): readonly string[] {
  const told = reasons.map(
    (reason) => `  ${clean(reason.message)}${reason.help === undefined ? '' : `; ${clean(reason.help)}`}`,
  );
  return [
    clean(message),
    ...(told.length > 0 ? told : help === null ? [] : [`  ${clean(help)}`]),
    ...(reference === null ? [] : [`  why: writ explain ${clean(reference)}`]),
  ];
}

/** A freeze has an exit code of its own. */
export function problemExit({ code, rule }: ApiProblem): ExitName {
  return code === 'refused' && rule?.startsWith('gate.freeze') === true ? 'frozen' : exitFor(code);
}
