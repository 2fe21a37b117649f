/** A clock that stands still until it is told to go on. Times in milliseconds since the epoch. */
export interface FakeClock {
  readonly now: () => number;
  /** Goes `seconds` further, or back where they are fewer than none. */
  advance(seconds: number): void;
}

export function createFakeClock(start: number): FakeClock {
  let time = start;
  return {
    now: () => time,
    advance: (seconds) => {
      time += seconds * 1000;
    },
  };
}
