import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds after which no fact is given again: the sources of the installation say `max-age: 1s`. */
const FACTS_LIVE = 1_100;

/** Until what the fact sources say now is what decides. */
export async function settle(): Promise<void> {
  await sleep(FACTS_LIVE);
}
