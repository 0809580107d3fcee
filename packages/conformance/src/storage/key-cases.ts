import { type ObjectKey, maximumKeySegments, parseObjectKey } from '@holdfast/domain';
import { type StorageAdapter, StorageError } from '@holdfast/ports';
import fc from 'fast-check';
import { expect } from 'vitest';
import { digestOf } from './digest-of.ts';
import { expectAbsent, expectBytes, expectObject } from './expect-bytes.ts';
import { keysThatFit } from './keys-that-fit.ts';
import { listKeys, sortKeys } from './list-objects.ts';
import { readObject } from './read-object.ts';
import { type UngroupedStorageCase, type StorageCase, inGroup } from './storage-case.ts';

/** Keys that have to live beside each other, by what is special about them. */
const companies: Readonly<Record<string, readonly string[]>> = {
  'percent sequences are not decoded': split('% %% %25 %2F a%2Fb a%2fb a/b %2e%2e/x %00 %41 A a+b a%20b'),
  'emoji and other characters beyond the basic plane': split('😀 😀/🧠.bin 👩‍👩‍👧 𝔘𝔫𝔦 x\u{10FFFF}'),
  'characters that look alike stay different': split(
    '\u00E9 e\u0301 \uFB01le file \u00C5 \u212B a\u200Bb ab',
  ),
  'rare characters of the basic plane': split(
    '\uFEFFbom \uFFFD \uFFFF \uE000 a\u2028b a\u00A0b \u202Eabc שלום 日本語/模型',
  ),
  'names that differ by case stay different': split('model Model MODEL dir/x DIR/x ß SS ss i I ı İ k \u212A'),
  'names that mean something to file systems': [
    ...split(
      'CON nul aux.txt com1 dot. ~ ~root .hidden -rf c: c:\\x x:stream a\\b ..\\x ... ..a a.. .git/config',
    ),
    'blank ',
    ' blank',
  ],
  'names that stores use themselves': split(
    'tmp/x data/x index.db index.db-wal holdfast-store.json .holdfast/x objects/x x.tmp x.json x.metadata',
  ),
  'text that looks like an escape': split(
    '__0x2f__ __0x5f__ =2F _x002F_ !2F ~2F \\u0041 \\x41 &amp; & %5C _ __ %C3%A9',
  ),
  'names that objects of JavaScript have': split(
    '__proto__ constructor toString hasOwnProperty/valueOf then length 0',
  ),
  'a key beside keys that it is the beginning of': split('a a/b a/b/c a.b ab a-'),
};

const tooManySegments = Array.from({ length: maximumKeySegments + 1 }, () => 'a').join('/');

/** Texts that no store may take as a key. */
export const invalidKeys: readonly string[] = [
  '',
  ...split('/ /a a/ a//b . .. ./a ../a a/./b a/../b a/.. a/. ../../etc/passwd'),
  ...Array.from('\u0000\n\t\u001F\u007F\u0085\u009F', (control) => `a${control}b`),
  ...split('\uD800 a\uDC00b \uDC00\uD800 😀\uD83D'),
  'a'.repeat(513),
  'é'.repeat(257),
  '😀'.repeat(129),
  tooManySegments,
];

const longKeys: readonly string[] = [
  `${Array.from({ length: 8 }, (_, index) => String(index).repeat(63)).join('/')}z`,
  Array.from({ length: maximumKeySegments }, (_, index) => `s${index}`).join('/'),
  Array.from({ length: maximumKeySegments }, () => 'aaaa').join('/'),
];

/** 512 bytes in one segment, or that grow where they are escaped: some file systems cannot spell these. */
const hardKeys: readonly string[] = [
  ...Array.from(['a', 'éé', '😀', '%'], (unit) => unit.repeat(512 / Buffer.byteLength(unit))),
  `${'A'.repeat(300)}/${'B'.repeat(211)}`,
];

export const keyCases: readonly StorageCase[] = inGroup('keys', [
  ...Array.from({ length: 6 }, (_, group) => characterCase(0x20 + 0x10 * group)),
  ...Object.entries(companies).map(([name, keys]): UngroupedStorageCase => ({
    name: `keeps keys as they are: ${name}`,
    run: ({ adapter }) => expectKeysKept(adapter, keys),
  })),
  {
    name: 'keeps keys of 512 bytes and of 100 segments',
    run: ({ adapter }) => expectKeysKept(adapter, longKeys),
  },
  {
    name: 'keeps keys that are hard to spell, or refuses them with invalid-key',
    run: ({ adapter }) => expectKeysKeptOrRefused(adapter, hardKeys),
  },
  {
    name: 'keeps any keys apart',
    run: async ({ adapter }) => {
      await fc.assert(
        fc.asyncProperty(fc.uniqueArray(anyKey(), { minLength: 1, maxLength: 12 }), async (keys) => {
          await expectKeysKept(adapter, keys);
        }),
        { numRuns: 5 },
      );
    },
  },
]);

function characterCase(from: number): UngroupedStorageCase {
  const characters = Array.from({ length: 0x10 }, (_, index) => String.fromCharCode(from + index));
  const allowed = characters.filter((character) => character !== '/' && character !== '\u007F');
  const keys = allowed.flatMap((character) => [character.repeat(3), `a${character}b`, `c/${character}d`]);
  return {
    name: `keeps every ASCII character from 0x${from.toString(16)} on`,
    run: ({ adapter }) => expectKeysKept(adapter, [...keys, allowed.join('')]),
  };
}

/** Writes each key with bytes of its own, finds exactly these by every way of reading, and deletes them again. */
async function expectKeysKept(adapter: StorageAdapter, texts: readonly string[]): Promise<void> {
  const keys = keysThatFit(adapter.capabilities, texts).map((text) => parseObjectKey(text));
  for (const key of keys) expect((await adapter.put(key, bytesFor(key))).key).toBe(key);
  for (const key of keys) await expectObject(adapter, key, bytesFor(key));
  expect(await listKeys(adapter)).toEqual(sortKeys(keys));
  for (const [index, result] of (await adapter.delete(keys.map((key) => ({ key })))).entries()) {
    expect(result).toEqual({ key: keys[index], outcome: 'deleted' });
  }
  for (const key of keys) await expectAbsent(adapter, key);
  expect(await listKeys(adapter)).toEqual([]);
}

async function expectKeysKeptOrRefused(adapter: StorageAdapter, texts: readonly string[]): Promise<void> {
  const kept: ObjectKey[] = [];
  for (const key of texts.map((text) => parseObjectKey(text))) {
    try {
      await adapter.put(key, bytesFor(key));
      kept.push(key);
    } catch (error) {
      if (!StorageError.isInstance(error, 'invalid-key')) throw error;
      expect(error.key).toBe(key);
    }
  }
  for (const key of kept) expectBytes((await readObject(adapter, key)).bytes, bytesFor(key));
  expect(await listKeys(adapter)).toEqual(sortKeys(kept));
}

function bytesFor(key: string): Uint8Array {
  const bytes = Buffer.from(key);
  return Buffer.from(`${digestOf(bytes)} ${key}`);
}

/** Any key of up to 24 characters a segment, with a liking for what is hard to spell. */
function anyKey(): fc.Arbitrary<string> {
  const tricky = fc.constantFrom(' ', ...split('% \\ . _ ~ = 2 F a A é e\u0301 😀 " \' * ? : |'));
  const character = fc.oneof(tricky, fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }));
  const segment = fc
    .array(character, { minLength: 1, maxLength: 24 })
    .map((characters) => characters.join(''));
  return fc
    .array(segment, { minLength: 1, maxLength: 4 })
    .map((segments) => segments.join('/'))
    .filter(isKey);
}

function isKey(text: string): boolean {
  try {
    return parseObjectKey(text) === text;
  } catch {
    return false;
  }
}

function split(words: string): readonly string[] {
  return words.split(' ');
}
