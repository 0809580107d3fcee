import { deflateSync, inflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReusedZlib } from './reused-zlib.ts';

const reused = ReusedZlib.inflater();

describe.each([
  ['with one stream', reused],
  ['by the documented function', ReusedZlib.inflater({})],
])('inflating %s', (_, inflater) => {
  it('gives what was deflated, and refuses what is cut short or longer than due', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 3000 }),
        fc.nat(9),
        fc.nat(20),
        (content, level, cut) => {
          const compressed = deflateSync(content, { level });
          const target = new Uint8Array(content.length + 1);
          expect(inflater.run(compressed, target)).toBe(content.length);
          expect(target.subarray(0, -1)).toEqual(content);
          const short = compressed.subarray(0, Math.max(0, compressed.length - 1 - cut));
          expect(() => inflater.run(short, target)).toThrow(/unexpected end of file/);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('refuses damage, and works on afterwards', () => {
    const compressed = deflateSync(Buffer.from('again and again and again'));
    const target = new Uint8Array(100);
    const damaged = Uint8Array.from(compressed);
    damaged[0] = 0;
    expect(() => inflater.run(damaged, target)).toThrow(/incorrect header check/);
    damaged.set(compressed);
    damaged[compressed.length - 1] = 77;
    expect(() => inflater.run(damaged, target)).toThrow(/incorrect data check/);
    expect(inflater.run(compressed, target)).toBe(25);
  });
});

it('stops where the target is full', () => {
  expect(reused.run(deflateSync(new Uint8Array(1000)), new Uint8Array(10))).toBe(10);
});

it('uses one stream again with the Node that these tests run on', () => {
  expect([reused.isReused, ReusedZlib.deflater(4).isReused, ReusedZlib.inflater({}).isReused]).toEqual([
    true,
    true,
    false,
  ]);
});

it.each([
  ['with one stream', ReusedZlib.deflater(4)],
  ['by the documented function', ReusedZlib.deflater(4, {})],
])('deflates %s what inflates to the same', (_, deflater) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), (content) => {
      const target = new Uint8Array(content.length + 1000);
      const size = deflater.run(content, target);
      expect(new Uint8Array(inflateSync(target.subarray(0, size)))).toEqual(content);
    }),
    { numRuns: 50 },
  );
});
