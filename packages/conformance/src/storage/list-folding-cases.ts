import { compareKeys } from '@holdfast/domain';
import type { ListOptions, StorageAdapter } from '@holdfast/ports';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { CaseContext } from './case-context.ts';
import { keysThatFit } from './keys-that-fit.ts';
import { unorderlyKeys } from './list-cases.ts';
import { listPages } from './list-objects.ts';
import { putSamples } from './put-sample.ts';
import { type StorageCase, inGroup } from './storage-case.ts';

/** One entry of a listing: a key, or a folded prefix. */
interface Entry {
  readonly kind: 'object' | 'prefix';
  readonly text: string;
}

const foldedKeys: readonly string[] =
  'a a/1 a/2 a/b/3 a-b ab/4 b/5 c xabc xabcabc yabcz d\\e d\\f é/g 😀/h'.split(' ');

/** Folding by a delimiter and starting after a key. */
export const listFoldingCases: readonly StorageCase[] = inGroup('list', [
  {
    name: 'folds keys by a delimiter',
    needs: ['delimiters'],
    run: async ({ adapter, capabilities }) => {
      const keys = keysThatFit(capabilities, foldedKeys);
      await putSamples(adapter, keys);
      for (const delimiter of ['/', '\\', 'abc', '-', '😀']) {
        for (const prefix of ['', 'a', 'a/', 'a/b', 'x', 'xabc', 'missing'])
          await expectListing(adapter, keys, { delimiter, prefix });
      }
    },
  },
  {
    name: 'tells each folded prefix once, whatever the page size',
    needs: ['delimiters'],
    run: async ({ adapter }) => {
      const keys = ['m', 'n/1', 'n/2', 'n/3', 'n/4', 'o', 'p/1', 'p/2'];
      await putSamples(adapter, keys);
      for (const pageSize of [1, 2, 3, 10]) await expectListing(adapter, keys, { delimiter: '/', pageSize });
    },
  },
  {
    name: 'starts after a key, not at it',
    needs: ['startAfter'],
    run: async ({ adapter, capabilities }) => {
      const keys = keysThatFit(capabilities, unorderlyKeys);
      await putSamples(adapter, keys);
      for (const startAfter of [
        '',
        'a',
        'a/',
        'a/b',
        'a/bb',
        't',
        't/',
        't/t',
        'é',
        '\uFFFD',
        '😀',
        '\u{10FFFF}',
      ]) {
        await expectListing(adapter, keys, { startAfter, pageSize: 3 });
      }
    },
  },
  {
    name: 'starts after a key within a prefix',
    needs: ['startAfter'],
    run: async ({ adapter, capabilities }) => {
      const keys = keysThatFit(capabilities, foldedKeys);
      await putSamples(adapter, keys);
      for (const startAfter of ['a', 'a/', 'a/1', 'a/19', 'a/b/3', 'b', 'A', '0']) {
        await expectListing(adapter, keys, { prefix: 'a/', startAfter });
      }
    },
  },
  {
    name: 'lists any keys by any options as the contract says',
    needs: ['delimiters', 'startAfter'],
    run: expectAnyListing,
  },
]);

async function expectAnyListing({ adapter, capabilities }: CaseContext): Promise<void> {
  const keys = keysThatFit(capabilities, [...new Set([...unorderlyKeys, ...foldedKeys])]);
  await putSamples(adapter, keys);
  const text = fc.oneof(
    fc.constantFrom(...keys),
    fc.constantFrom(...keys).map((key) => key.slice(0, 1)),
  );
  const options = fc.record(
    {
      prefix: text.filter((prefix) => prefix.isWellFormed()),
      delimiter: fc.constantFrom('/', '-', 'b', 'abc', '.'),
      startAfter: fc.constantFrom(...keys),
      pageSize: fc.integer({ min: 1, max: 12 }),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(options, async (given) => expectListing(adapter, keys, given)),
    { numRuns: 60 },
  );
}

async function expectListing(
  adapter: StorageAdapter,
  keys: readonly string[],
  options: ListOptions,
): Promise<void> {
  const pages = await listPages(adapter, options);
  const entries = pages.flatMap(({ objects, prefixes }) =>
    sortEntries([
      ...objects.map((info): Entry => ({ kind: 'object', text: info.key })),
      ...prefixes.map((prefix): Entry => ({ kind: 'prefix', text: prefix })),
    ]),
  );
  const found = adapter.capabilities.listOrder === 'bytewise' ? entries : sortEntries(entries);
  expect(found, `listed with ${JSON.stringify(options)}`).toEqual(expectedEntries(keys, options));
}

function expectedEntries(keys: readonly string[], options: ListOptions): readonly Entry[] {
  const { prefix = '', delimiter, startAfter = '' } = options;
  const entries = new Map<string, Entry>();
  for (const key of keys) {
    if (!key.startsWith(prefix) || compareKeys(key, startAfter) <= 0) continue;
    const index = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length);
    const isFolded = delimiter !== undefined && index >= 0;
    const text = isFolded ? key.slice(0, index + delimiter.length) : key;
    const kind = isFolded ? 'prefix' : 'object';
    entries.set(`${kind} ${text}`, { kind, text });
  }
  return sortEntries([...entries.values()]);
}

function sortEntries(entries: readonly Entry[]): Entry[] {
  return entries.toSorted((left, right) => compareKeys(left.text, right.text));
}
