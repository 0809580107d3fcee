import { describe, expect, it } from 'vitest';
import { atOnce } from './at-once.ts';

describe('atOnce', () => {
  it('does every piece once and never more than so many at a time', async () => {
    const done: number[] = [];
    let [underWay, most] = [0, 0];
    await atOnce(20, 4, async (number) => {
      most = Math.max(most, ++underWay);
      await Promise.resolve();
      done.push(number);
      underWay--;
    });
    expect(done.toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: 20 }, (_, number) => number),
    );
    expect(most).toBe(4);
  });

  it('passes a failure on', async () => {
    await expect(atOnce(3, 2, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });
});
