import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { MemoryGauge } from './memory-gauge.ts';

const mebibyte = 1_048_576;

function filled(count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, () => new Uint8Array(mebibyte).fill(1));
}

/** In a function of its own, so that nothing here refers to what it makes. */
function makeGarbage(): number {
  return filled(256).length;
}

test('what earlier work has let go of does not hide what is held now', async () => {
  for (let round = 0; round < 5; round++) {
    const length = makeGarbage();
    await nextTurn();
    const gauge = new MemoryGauge();
    const held = filled(64);
    gauge.measure();
    expect(held.length + length).toBe(320);
    expect(gauge.highestBytes).toBeGreaterThan(60 * mebibyte);
    expect(gauge.highestBytes).toBeLessThan(80 * mebibyte);
  }
});
