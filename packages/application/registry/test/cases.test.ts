import { readFileSync } from 'node:fs';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { FormatInspection } from '@holdfast/formats';
import { type SavedVersion, inspectPath } from '@holdfast/registry';
import { describe, expect, test } from 'vitest';
import { expectCode } from './support/expect-code.ts';
import { sharedFolder } from './support/shared-folder.ts';
import { World } from './support/world.ts';

const cases = sharedFolder('cases') ?? '';
const corpus = sharedFolder('corpus') ?? '';

/** What is right for an input. */
interface Right {
  readonly format: string;
  /** The codes of its warnings, sorted. */
  readonly warnings?: readonly string[];
  /** Whether it may hold code, of which a save warns. */
  readonly holdsCode?: boolean;
  readonly facts?: object;
}

const missing = ['file-missing'];
const elsewhere = ['external-data'];

/** Every case that concerns what is put in; 02 to 05 and 18 to 22 are tested where they are decided, 23 comes with its formats. */
const rights: readonly (readonly [path: string, right: Right])[] = [
  [
    '01-onnx-many-attribute-values/constant-ints.onnx.gz',
    { format: 'onnx', facts: { summary: { nodeCount: 1 } } },
  ],
  ['06-onnx-external-data-left-behind/single.onnx', { format: 'onnx', warnings: elsewhere }],
  [
    '06-onnx-external-data-left-behind/escape.onnx',
    { format: 'onnx', warnings: ['external-data', 'external-data-escapes'] },
  ],
  ['06-onnx-external-data-left-behind/folder', { format: 'onnx', facts: { summary: { tensorCount: 1 } } }],
  ['06-onnx-external-data-left-behind/folder-short', { format: 'onnx', warnings: ['external-data-cut'] }],
  ['07-placeholder-instead-of-weights/model.safetensors', { format: 'binary', warnings: ['placeholder'] }],
  ['07-placeholder-instead-of-weights/page.safetensors', { format: 'binary', warnings: ['placeholder'] }],
  ['07-placeholder-instead-of-weights/empty.onnx', { format: 'binary', warnings: ['placeholder'] }],
  ['07-placeholder-instead-of-weights/hf', { format: 'huggingface', warnings: ['placeholder'] }],
  [
    '09-mlmodel-yaml-forms/anchor',
    { format: 'mlflow_model', facts: { summary: { mlflowVersion: '3.17.2' } } },
  ],
  ['09-mlmodel-yaml-forms/flow', { format: 'mlflow_model', warnings: missing }],
  [
    '09-mlmodel-yaml-forms/flowlist',
    { format: 'mlflow_model', facts: { summary: { flavors: { sklearn: { code_paths: ['a', 'b'] } } } } },
  ],
  ['09-mlmodel-yaml-forms/longkey', { format: 'mlflow_model' }],
  [
    '09-mlmodel-yaml-forms/merge',
    { format: 'mlflow_model', facts: { summary: { flavors: { a: { k: '1', c: '2' } } } } },
  ],
  ['10-onnx-raw-data-beside-external/marker.onnx', { format: 'onnx', warnings: elsewhere }],
  ['10-onnx-raw-data-beside-external/empty.onnx', { format: 'onnx', warnings: elsewhere }],
  ['14-compressed-is-not-opened/compressed.joblib', { format: 'joblib', holdsCode: true }],
  ['14-compressed-is-not-opened/rf.pkl', { format: 'joblib', holdsCode: true }],
  ['14-compressed-is-not-opened/sk.pkl.gz', { format: 'scikit_learn_pickle', holdsCode: true }],
  [
    '14-compressed-is-not-opened/objects.npz',
    { format: 'numpy_archive', holdsCode: true, facts: { summary: { hasObjects: true } } },
  ],
  [
    '14-compressed-is-not-opened/plain.npz',
    { format: 'numpy_archive', facts: { summary: { arrayCount: 3, unopenedCount: 0 } } },
  ],
  ['16-incomplete-models/shard', { format: 'huggingface', warnings: missing }],
  ['16-incomplete-models/savedmodel', { format: 'tensorflow_savedmodel', warnings: missing }],
  ['16-incomplete-models/mlflow', { format: 'mlflow_model', warnings: missing }],
  ['17-pickle-without-warning-at-put/mlflow', { format: 'mlflow_model', holdsCode: true }],
  ['17-pickle-without-warning-at-put/hf', { format: 'huggingface', holdsCode: true }],
  ['17-pickle-without-warning-at-put/folder', { format: 'binary', holdsCode: true }],
  ['17-pickle-without-warning-at-put/objects.npy', { format: 'numpy', holdsCode: true }],
  ['17-pickle-without-warning-at-put/package.pt', { format: 'binary', holdsCode: true }],
];

/** The file, or, of one that is handed over compressed to be small, what is in it. */
async function prepare(world: World, path: string): Promise<string> {
  if (!path.endsWith('.onnx.gz')) return path;
  const plain = world.folder.join(basename(path, '.gz'));
  await writeFile(plain, gunzipSync(readFileSync(path)));
  return plain;
}

async function save(world: World, path: string): Promise<SavedVersion> {
  const options = { name: 'model', allowEmpty: true };
  return (await stat(path)).isDirectory()
    ? world.persistence.saveFolder(path, options)
    : world.persistence.saveFile(path, options);
}

/** A version keeps the beginning of what is long. */
function kept(inspection: object): object {
  return JSON.parse(JSON.stringify(inspection)) as object;
}

function codesOf({ warnings = [] }: FormatInspection): readonly string[] {
  return warnings.map(({ code }) => code).toSorted();
}

describe.skipIf(cases === '')('the cases', () => {
  test.each(rights)('%s', async (path, { format, warnings = [], holdsCode = false, facts = {} }) => {
    await using world = await World.make('memory');
    const input = await prepare(world, join(cases, path));
    const found = await inspectPath(input);
    expect(found).toMatchObject({ format, ...facts });
    expect(codesOf(found)).toEqual(warnings);
    expect(found.scan !== undefined).toBe(holdsCode);
    const saved = await save(world, input);
    expect(saved.version.inspection).toEqual(kept(found));
    expect(saved.warnings).toHaveLength(warnings.length + (holdsCode ? 1 : 0));
  });

  test('07: an empty file is refused without allowEmpty', async () => {
    await using world = await World.make('memory');
    await expectCode(
      world.persistence.saveFile(join(cases, '07-placeholder-instead-of-weights', 'empty.onnx'), {
        name: 'model',
      }),
      'invalid-argument',
    );
  });

  test('all have a row, or are named as tested elsewhere', async () => {
    const elsewhereTested = new Set(['02', '03', '04', '05', '18', '19', '20', '22', '23']);
    const rows = new Set(rights.map(([path]) => path.slice(0, 2)));
    for (const name of await readdir(cases)) {
      const number = name.slice(0, 2);
      expect(rows.has(number) || elsewhereTested.has(number), name).toBe(true);
    }
  });
});

describe.skipIf(corpus === '')('the corpus', () => {
  test('is known to put and inspect alike', async () => {
    await using world = await World.make('memory');
    const entries = await readdir(corpus, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const refusals: string[] = [];
    for (const file of files) {
      const found = await inspectPath(file).catch((error: unknown) => error as Error);
      const saved = await save(world, file).catch((error: unknown) => error as Error);
      if (found instanceof Error) {
        refusals.push(file);
        expect(saved, file).toEqual(found);
      } else {
        const { inspection = {}, inspectionList } = (saved as SavedVersion).version;
        const { cut: _beginnings, ...document } = inspection;
        if (inspectionList === undefined) expect(document, file).toEqual(kept(found));
        else expect(document, file).toMatchObject({ format: found.format, evidence: kept(found.evidence) });
      }
    }
    expect(files.length).toBeGreaterThan(100);
    expect(refusals.map((file) => basename(file))).toEqual([]);
  });
});
