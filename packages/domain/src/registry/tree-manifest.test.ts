import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Digest } from '../storage/digest.ts';
import { compareKeys, whyNotObjectKey } from '../storage/object-key.ts';
import {
  type TreeEntry,
  createTreeManifest,
  parseTreeManifest,
  printTreeManifest,
  treeManifestLayout,
} from './tree-manifest.ts';

const digest = `sha256:${'ab'.repeat(32)}` as Digest;
const entry: TreeEntry = { path: 'a/b', sizeBytes: 3, digest };
const paths = fc
  .oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 10 }),
    fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 10 }),
  )
  .filter((path) => whyNotObjectKey(path) === undefined);
const entries: fc.Arbitrary<TreeEntry[]> = fc.uniqueArray(
  fc.record(
    {
      path: paths,
      sizeBytes: fc.nat(),
      digest: fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}` as Digest),
      executable: fc.constant(true as const),
    },
    { requiredKeys: ['path', 'sizeBytes', 'digest'] },
  ),
  { selector: (one) => one.path, maxLength: 8 },
);

describe('tree manifests', () => {
  test('are the same text for the same files in any order', () => {
    const shuffled = entries.chain((one) =>
      fc.tuple(fc.constant(one), fc.shuffledSubarray(one, { minLength: one.length })),
    );
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        expect(printTreeManifest(createTreeManifest(other))).toBe(printTreeManifest(createTreeManifest(one)));
      }),
    );
  });

  test('do not depend on the order of fields, nor on fields that nobody knows', () => {
    const reversed = Object.fromEntries(
      Object.entries({ ...entry, executable: true, note: 'x' }).toReversed(),
    );
    const text = printTreeManifest(createTreeManifest([reversed as unknown as TreeEntry]));
    expect(text).toBe(printTreeManifest(createTreeManifest([{ ...entry, executable: true }])));
    expect(
      printTreeManifest(createTreeManifest([{ ...entry, executable: false } as unknown as TreeEntry])),
    ).toBe(printTreeManifest(createTreeManifest([entry])));
  });

  test('differ when any file does', () => {
    const others: readonly TreeEntry[] = [
      { ...entry, path: 'a/c' },
      { ...entry, sizeBytes: 4 },
      { ...entry, digest: `sha256:${'cd'.repeat(32)}` as Digest },
      { ...entry, executable: true },
    ];
    const texts = [entry, ...others].map((one) => printTreeManifest(createTreeManifest([one])));
    expect(new Set(texts).size).toBe(texts.length);
  });

  test('are sorted by the bytes of the paths', () => {
    fc.assert(
      fc.property(entries, (one) => {
        const sorted = createTreeManifest(one).entries.map(({ path }) => path);
        expect(sorted).toEqual(sorted.toSorted(compareKeys));
        expect(sorted).toHaveLength(one.length);
      }),
    );
  });

  test('give back what they were printed from', () => {
    fc.assert(
      fc.property(entries, (one) => {
        const manifest = createTreeManifest(one);
        expect(parseTreeManifest(printTreeManifest(manifest))).toEqual(manifest);
      }),
    );
    expect(printTreeManifest(createTreeManifest([]))).toBe(
      '{\n "layout": "holdfast-tree-1",\n "entries": []\n}\n',
    );
  });

  test('refuse two files of one path', () => {
    const twice = [entry, { ...entry, path: 'z' }, { ...entry, sizeBytes: 9 }];
    expect(() => createTreeManifest(twice)).toThrow(expect.objectContaining({ field: 'path', value: 'a/b' }));
  });

  test.each([
    ['a file of a folder', [{ ...entry, path: 'a' }, entry], []],
    [
      'a file of a folder further out',
      [
        { ...entry, path: 'x/y' },
        { ...entry, path: 'x/y/z/w' },
      ],
      [],
    ],
    ['a file in an empty folder', [entry], ['a']],
    ['an empty folder of a file', [entry], ['a/b/c']],
    ['an empty folder in an empty folder', [], ['a', 'a/b']],
    ['an empty folder that is a file', [entry], ['a/b']],
    ['an empty folder twice', [], ['a', 'a']],
    ['an empty folder outside', [], ['../a']],
  ] as const)('refuse %s, when made and when read', (_what, files, folders) => {
    expect(() => createTreeManifest(files, folders)).toThrow(expect.objectContaining({ field: 'path' }));
    const text = JSON.stringify({
      layout: 'holdfast-tree-2',
      entries: files,
      emptyFolders: [...folders, 'z'],
    });
    expect(() => parseTreeManifest(text)).toThrow(expect.objectContaining({ field: 'path' }));
  });

  test('with empty folders have a form that programs which would lose them refuse', () => {
    const text = printTreeManifest(createTreeManifest([entry], ['z', 'c/d']));
    expect(text).toBe(printTreeManifest(createTreeManifest([entry], ['c/d', 'z'])));
    expect(JSON.parse(text)).toEqual({
      layout: 'holdfast-tree-2',
      entries: [entry],
      emptyFolders: ['c/d', 'z'],
    });
    expect(parseTreeManifest(text)).toEqual(createTreeManifest([entry], ['c/d', 'z']));
  });

  test.each([
    ['path', ['', '/etc/passwd', '../a', 'a/../../b', 'a//b', 'a\u0000', 3, undefined]],
    ['sizeBytes', [-1, 0.5, '3', undefined, Number.MAX_SAFE_INTEGER + 1]],
    ['digest', ['', 'sha256:ab', 3, undefined]],
  ] as const)('refuse a wrong %s, naming it', (field, values) => {
    for (const value of values) {
      const wrong = { ...entry, [field]: value };
      expect(() => createTreeManifest([wrong as TreeEntry])).toThrow(expect.objectContaining({ field }));
      const text = JSON.stringify({ layout: treeManifestLayout, entries: [wrong] });
      expect(() => parseTreeManifest(text)).toThrow(expect.objectContaining({ field }));
    }
  });

  test.each([
    '',
    'null',
    '[]',
    '{}',
    '{"layout":"holdfast-tree-2","entries":[]}',
    '{"layout":"holdfast-tree-2","entries":[],"emptyFolders":[]}',
    '{"layout":"holdfast-tree-2","entries":[],"emptyFolders":"a"}',
    '{"layout":"holdfast-tree-3","entries":[],"emptyFolders":["a"]}',
    '{"layout":"holdfast-tree-1"}',
    '{"layout":"holdfast-tree-1","entries":{}}',
    '{"layout":"holdfast-tree-1","entries":[]',
  ])('refuse the text %j', (text) => {
    expect(() => parseTreeManifest(text)).toThrow(expect.objectContaining({ field: 'tree' }));
  });

  test.each(['[null]', '[3]', '["a"]', '[[]]'])('refuse the entries %s', (list) => {
    expect(() => parseTreeManifest(`{"layout":"${treeManifestLayout}","entries":${list}}`)).toThrow(
      expect.objectContaining({ field: 'entry' }),
    );
  });
});
