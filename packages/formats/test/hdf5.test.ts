import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { corpusFolder, pythonOracle } from '@holdfast/tooling-services';
import { describe, expect, it } from 'vitest';
import { readHdf5 } from '../src/index.ts';
import { askPython } from './support/ask-python.ts';
import { compareTrees, type Hdf5Tree } from './support/compare-trees.ts';
import { FormatTally } from './support/format-tally.ts';
import { h5pyGenerator } from './support/h5py-generator.ts';
import { h5pyProgram } from './support/h5py-program.ts';
import { hdf5Tree } from './support/hdf5-tree.ts';
import { type Neutral, neutral } from './support/neutral.ts';
import { nodeInflate } from './support/node-inflate.ts';

const python = pythonOracle() ?? '';
const corpus = corpusFolder() ?? '';
const isLong = process.env['HOLDFAST_TEST_LONG'] === 'true';

interface Box {
  readonly start: readonly number[];
  readonly count: readonly number[];
  readonly value: Neutral;
}

interface Generated {
  readonly path: string;
  readonly tree: Hdf5Tree;
  readonly boxes: { readonly [path: string]: readonly Box[] };
}

describe.skipIf(python === '')('HDF5 files', () => {
  it.skipIf(corpus === '')(
    'of the corpus have the objects and values that h5py reads, or are refused by name',
    async () => {
      const folder = join(corpus, 'hdf5-jhdf');
      const files = readdirSync(folder).map((file) => join(folder, file));
      const question = `${h5pyProgram}\nprint(json.dumps([answer(f) for f in json.load(sys.stdin)]))`;
      const answers = askPython(python, question, files) as Hdf5Tree[];
      const tally = new FormatTally('HDF5', 'corpus, by value');
      const wrong: unknown[] = [];
      for (const [index, file] of files.entries()) {
        const ours = await hdf5Tree(new Uint8Array(readFileSync(file)));
        wrong.push(...compareTrees({ file, ours, theirs: answers[index] ?? {} }, tally));
      }
      expect(wrong).toEqual([]);
      tally.expectOnPage();
    },
  );

  it(
    'that h5py writes in every form have the objects and values that it reads, whole and by box',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'hdf5-'));
      try {
        const question = { folder, files: isLong ? 40 : 3, datasets: 40 };
        const generated = askPython(python, h5pyGenerator, question) as Generated[];
        const tally = new FormatTally('HDF5', 'written by h5py, by value');
        const wrong: unknown[] = [];
        for (const { path, tree, boxes } of generated) {
          const bytes = new Uint8Array(readFileSync(path));
          wrong.push(...compareTrees({ file: path, ours: await hdf5Tree(bytes), theirs: tree }, tally));
          wrong.push(...(await wrongBoxes(bytes, { path, boxes })));
        }
        expect(wrong).toEqual([]);
        if (!isLong) tally.expectOnPage();
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    isLong ? 600_000 : 30_000,
  );
});

async function wrongBoxes(
  bytes: Uint8Array,
  { path: file, boxes }: Omit<Generated, 'tree'>,
): Promise<unknown[]> {
  const { root } = await readHdf5(bytes, { inflate: nodeInflate });
  const wrong: unknown[] = [];
  for (const [path, due] of Object.entries(boxes)) {
    const dataset = await root.open(path);
    for (const { value, ...box } of due) {
      const ours = dataset?.kind === 'dataset' ? neutral(await dataset.read(box)) : dataset?.kind;
      if (!isDeepStrictEqual(ours, value)) wrong.push([file, path, box, ours, value]);
    }
  }
  return wrong;
}
