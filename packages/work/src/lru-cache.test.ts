import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LruCache } from './lru-cache.ts';

test('keeps what was used last, within its entries and its bytes', () => {
  const calls = fc.array(
    fc.record({
      key: fc.integer({ min: 0, max: 6 }),
      bytes: fc.integer({ min: 0, max: 6 }),
      isSet: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(
      calls,
      fc.integer({ min: 0, max: 4 }),
      fc.integer({ min: 0, max: 10 }),
      (given, mostEntries, mostBytes) => {
        const left: number[] = [];
        const cache = new LruCache<number, { readonly bytes: number }>({
          mostEntries,
          mostBytes,
          bytesOf: ({ bytes }) => bytes,
          onLeave: (_value, key) => left.push(key),
        });
        let model: { key: number; bytes: number }[] = [];
        let leaving = 0;
        for (const { key, bytes, isSet } of given) {
          const known = model.find((entry) => entry.key === key);
          if (!isSet) expect(cache.get(key)?.bytes).toBe(known?.bytes);
          else cache.set(key, { bytes });
          if (known === undefined && !isSet) continue;
          model = model.filter((entry) => entry !== known);
          if (isSet && known !== undefined) leaving++;
          if (isSet && (bytes > mostBytes || mostEntries < 1)) leaving++;
          else model.push({ key, bytes: isSet ? bytes : (known?.bytes ?? 0) });
          const total = (): number => model.reduce((sum, entry) => sum + entry.bytes, 0);
          while (model.length > mostEntries || total() > mostBytes) {
            model.shift();
            leaving++;
          }
          expect([cache.size, cache.sizeBytes, left.length]).toEqual([model.length, total(), leaving]);
        }
        cache.clear();
        expect([cache.size, cache.sizeBytes, left.length]).toEqual([0, 0, leaving + model.length]);
      },
    ),
  );
});
