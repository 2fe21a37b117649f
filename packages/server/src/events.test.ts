import { expect, test, vi } from 'vitest';
import { createEvents, textLines } from './events.ts';

test('L6 a line of text holds printable ASCII alone, whatever a caller chose', () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const evil = 'x\u001b[2J\r\n12:00:00 issued  run=forged\u0000\u202e\u00e9';
  createEvents(textLines(() => 0)).refused({
    reference: 'ref_1',
    identity: evil,
    stage: 'proof',
    rule: evil,
  });
  const written = write.mock.calls.map(([text]) => String(text));
  expect(written.length).toBe(1);
  expect(written[0]).toMatch(/^[\x20-\x7e]+\n$/);
  expect(written[0]).toMatch(/^00:00:00 refused {2}reference=ref_1 /);
});

test('L6 a line of text is bounded', () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  createEvents(textLines(() => 0)).failed({ what: 'x', message: 'y'.repeat(100_000) });
  expect(String(write.mock.calls[0]?.[0]).length).toBeLessThan(1_000);
});
