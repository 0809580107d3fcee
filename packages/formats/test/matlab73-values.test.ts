import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { corpusFolder, pythonOracle } from '@holdfast/tooling-services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMat } from '../src/index.ts';
import { askPython } from './support/ask-python.ts';
import { FormatTally } from './support/format-tally.ts';
import { matlab73Program } from './support/matlab73-program.ts';
import { type Neutral, neutral } from './support/neutral.ts';
import { nodeInflate } from './support/node-inflate.ts';

const python = pythonOracle() ?? '';
const corpus = corpusFolder() ?? '';

interface Written {
  readonly file: string;
  readonly values: { readonly [name: string]: Neutral };
}

function ask(call: string, question: unknown): Written[] {
  const program = `${matlab73Program}\nprint(json.dumps(${call}(json.load(sys.stdin))))`;
  return askPython(python, program, question) as Written[];
}

function open(file: string): ReturnType<typeof readMat> {
  return readMat(new Uint8Array(readFileSync(file)), { inflate: nodeInflate });
}

async function wrongValues({ file, values }: Written, tally: FormatTally): Promise<unknown[]> {
  const { version, variables } = await open(file);
  expect(version).toBe('7.3');
  expect(variables.map(({ name }) => name)).toEqual(Object.keys(values).toSorted());
  const wrong: unknown[] = [];
  for (const variable of variables) {
    const ours: unknown = JSON.parse(JSON.stringify(neutral(await variable.read())));
    if (isDeepStrictEqual(ours, values[variable.name])) tally.equal();
    else wrong.push([basename(file), variable.name, ours, values[variable.name]]);
  }
  return wrong;
}

describe.skipIf(python === '')('MATLAB files of version 7.3', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'matlab73-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.skipIf(corpus === '')('have the values that scipy reads of the same in older versions', async () => {
    const files = ['matlab-scipy', 'bearing-mfpt'].flatMap((name) =>
      readdirSync(join(corpus, name)).map((file) => join(corpus, name, file)),
    );
    const written = ask(
      'again',
      files.map((file, index) => [file, join(folder, `${index}.mat`)]),
    );
    const tally = new FormatTally('MATLAB 7.3', 'corpus of scipy in the form of 7.3, by variable');
    const wrong: unknown[] = [];
    for (const one of written) wrong.push(...(await wrongValues(one, tally)));
    expect(wrong).toEqual([]);
    tally.expectOnPage();
  });

  it.skipIf(corpus === '')('that MATLAB wrote have the values that h5py reads', async () => {
    const tally = new FormatTally('MATLAB 7.3', 'of MATLAB, by variable');
    const [file] = ask('real', join(corpus, 'matlab-scipy', 'testhdf5_7.4_GLNX86.mat'));
    expect(await wrongValues(file as Written, tally)).toEqual([]);
    tally.expectOnPage();
  });

  it('that hdf5storage wrote have the values that scipy reads of the same in version 5', async () => {
    const tally = new FormatTally('MATLAB 7.3', 'written by hdf5storage, by variable');
    const [file] = ask('stored', folder);
    expect(await wrongValues(file as Written, tally)).toEqual([]);
    tally.expectOnPage();
  });
});
