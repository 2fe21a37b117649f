import { must, Unexpected } from '../expect.ts';
import { list, member, text } from '../json.ts';
import type { ApiAnswer } from './person.ts';

/** A run that waits, with the rules that ask people. @throws Unexpected for any other answer */
export function waiting(
  what: string,
  { status, body }: ApiAnswer,
): { run: string; rules: readonly string[] } {
  if (status >= 300 || text(body, 'state') !== 'waiting')
    throw new Unexpected(what, 'a run that waits', body);
  return { run: text(body, 'run'), rules: waitsFor(body) };
}

/** The rules of a run that still ask somebody. */
export function waitsFor(run: unknown): readonly string[] {
  return list(run, 'obligations')
    .filter((each) => Number(member(each, 'missing')) > 0)
    .map((each) => text(each, 'rule'));
}

/** The rules of the reasons against. @throws Unexpected unless it was refused with this status */
export function refusedBy(what: string, expected: number, { status, body }: ApiAnswer): readonly string[] {
  if (status !== expected) throw new Unexpected(what, `refused, ${expected}`, { status, body });
  return list(body, 'reasons').map((reason) => text(reason, 'rule'));
}

/** @throws Unexpected unless the run has registered the identity */
export function registered(what: string, { status, body }: ApiAnswer): void {
  must(what, { status: 200, state: 'issued' }, { status, state: text(body, 'state') });
}
