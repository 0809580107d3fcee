import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { corpusFolder, pythonOracle } from '@holdfast/tooling-services';
import { describe, expect, it } from 'vitest';
import { FormatError, type MatFile, readMat } from '../src/index.ts';
import { askPython } from './support/ask-python.ts';
import { FormatTally } from './support/format-tally.ts';
import { type Neutral, neutral } from './support/neutral.ts';
import { nodeInflate } from './support/node-inflate.ts';
import { scipyProgram } from './support/scipy-program.ts';

const corpus = corpusFolder() ?? '';
const python = corpus === '' ? '' : (pythonOracle() ?? '');

interface Answer {
  readonly refused?: string;
  readonly values?: { readonly [name: string]: Neutral };
  readonly listed?: readonly unknown[] | null;
}

describe.skipIf(python === '')('the MATLAB files of the corpus', () => {
  it.each([
    ['of scipy', ['matlab-scipy']],
    ['of bearings', ['bearing-cwru', 'bearing-mfpt']],
  ])('%s have the values that scipy reads, or are refused by name', async (source, folders) => {
    const files = folders.flatMap((folder) =>
      readdirSync(join(corpus, folder)).map((file) => join(corpus, folder, file)),
    );
    const answers = askPython(
      python,
      `${scipyProgram}\nprint(json.dumps([answer(f) for f in json.load(sys.stdin)]))`,
      files,
    ) as Answer[];
    const tally = new FormatTally('MATLAB 4 to 7', source);
    const wrong: unknown[] = [];
    for (const [index, file] of files.entries()) {
      const theirs = answers[index] ?? {};
      const ours = await read(Uint8Array.from(readFileSync(file)));
      if (FormatError.isInstance(ours)) {
        if (theirs.refused === undefined) wrong.push([file, 'is refused here alone', ours.reason]);
        tally.refused(shortReason(ours.reason));
      } else if (theirs.refused !== undefined) tally.beyond(theirs.refused.slice(0, 60));
      else if (!isDeepStrictEqual(theirs.values, among(ours.values, theirs.values)))
        wrong.push([file, ours.values, theirs.values]);
      else if (Object.keys(ours.values).length > Object.keys(theirs.values ?? {}).length)
        tally.beyond('several objects of newer classes, of which scipy keeps the last');
      else {
        if (theirs.listed !== null)
          expect({ file, listed: ours.listed }).toEqual({ file, listed: theirs.listed });
        tally.equal();
      }
    }
    expect(wrong).toEqual([]);
    tally.expectOnPage();
  });
});

async function read(bytes: Uint8Array): Promise<Required<Pick<Answer, 'values' | 'listed'>> | FormatError> {
  try {
    const file = await readMat(bytes, { inflate: nodeInflate });
    const values: [string, Neutral][] = [];
    for (const variable of file.variables) values.push([variable.name, neutral(await variable.read())]);
    return { values: Object.fromEntries(values), listed: listed(file) };
  } catch (error) {
    if (FormatError.isInstance(error)) return error;
    throw error;
  }
}

function listed({ variables }: MatFile): unknown[] {
  return variables.map(({ name, dims, className }) => [
    name,
    className === 'char' ? dims.slice(0, -1) : dims,
    className,
  ]);
}

/** Our values as JSON, apart from opaque ones that scipy does not have. */
function among(ours: { readonly [name: string]: Neutral }, theirs: Answer['values'] = {}): unknown {
  const kept = Object.entries(ours).filter(
    ([name, { kind }]) => kind !== 'opaque' || Object.hasOwn(theirs, name),
  );
  return JSON.parse(JSON.stringify(Object.fromEntries(kept)));
}

/** A reason without the numbers and names of its file. */
function shortReason(reason: string): string {
  return reason
    .replace(/^in variable "[^"]*", /, '')
    .replace(/^at byte \d+ of what was inflated, /, '')
    .replaceAll(/\d+ bytes?/g, 'bytes');
}
