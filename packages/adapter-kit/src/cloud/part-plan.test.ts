import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PartPlan } from './part-plan.ts';

const mebibyte = 1_048_576;
const context = { operation: 'put', backend: 'x-cloud' } as const;
const plan = new PartPlan({ minimumPartBytes: 5 * mebibyte, maximumParts: 10_000 }, {});

describe('PartPlan', () => {
  test('needs at most as many parts as there may be, and no more memory than it may take', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: plan.maximumSizeBytes }), (sizeBytes) => {
        const partSizeBytes = plan.partSizeBytes(1, sizeBytes, context);
        expect(Math.ceil(sizeBytes / partSizeBytes)).toBeLessThanOrEqual(10_000);
        expect(partSizeBytes * plan.partsAtOnce(partSizeBytes)).toBeLessThanOrEqual(64 * mebibyte);
      }),
    );
  });

  test('lets parts of unknown size grow, and never shrink', () => {
    const sizes = Array.from({ length: 10_000 }, (_, index) =>
      plan.partSizeBytes(index + 1, undefined, context),
    );
    expect(sizes[0]).toBe(8 * mebibyte);
    expect(sizes.at(-1)).toBe(64 * mebibyte);
    expect(sizes).toEqual(sizes.toSorted((left, right) => left - right));
    expect(() => plan.partSizeBytes(10_001, undefined, context)).toThrow(/more bytes than fit/);
  });

  test('sends no part that is too short', () => {
    const small = new PartPlan(
      { minimumPartBytes: 5 * mebibyte, maximumParts: 10 },
      { partSizeBytes: 1_000 },
    );
    expect(small.wholeSizeBytes).toBe(5 * mebibyte);
    expect(small.partSizeBytes(1, 30, context)).toBe(5 * mebibyte);
  });
});
