import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { corpusFolder, pythonOracle } from '@holdfast/tooling-services';
import { describe, expect, it } from 'vitest';
import { FormatError, readTorch, type TorchTensor } from '../src/index.ts';
import { askPython } from './support/ask-python.ts';
import { FormatTally } from './support/format-tally.ts';
import { neutral } from './support/neutral.ts';
import { torchProgram } from './support/torch-program.ts';

const corpus = corpusFolder() ?? '';
const python = corpus === '' ? '' : (pythonOracle() ?? '');

interface Answer {
  readonly refused?: string;
  readonly leaves?: { readonly [path: string]: unknown };
}

/** Every tensor with its values, strides and place in its storage, every other value, by path. */
async function read(bytes: Uint8Array): Promise<NonNullable<Answer['leaves']> | FormatError> {
  try {
    const { tensors, others } = await readTorch(bytes);
    const entries: [string, unknown][] = others.map(({ name, value }) => [name, { other: value }]);
    for (const tensor of tensors) entries.push([tensor.name, await described(tensor)]);
    return Object.fromEntries(entries);
  } catch (error) {
    if (FormatError.isInstance(error)) return error;
    throw error;
  }
}

async function described(tensor: TorchTensor): Promise<unknown> {
  const { kind: _, ...value } = neutral(await tensor.read());
  return { ...value, strides: tensor.strides, offset: tensor.storageOffset };
}

describe.skipIf(python === '')('the files of torch of the corpus', () => {
  it('have the tensors that Python makes of them with the functions that torch documents', async () => {
    const files = readdirSync(join(corpus, 'pytorch-burn')).map((file) => join(corpus, 'pytorch-burn', file));
    const program = `${torchProgram}\nprint(json.dumps([load(f) for f in json.load(sys.stdin)]))`;
    const answers = askPython(python, program, files) as Answer[];
    const tally = new FormatTally('PyTorch', 'corpus');
    for (const [index, file] of files.entries()) {
      const theirs = answers[index] ?? {};
      const ours = await read(Uint8Array.from(readFileSync(file)));
      if (FormatError.isInstance(ours)) {
        expect({ file, reason: ours.reason, refused: theirs.refused }).toMatchObject({
          refused: expect.any(String),
        });
        tally.refused(ours.reason);
      } else {
        expect({ file, leaves: ours }).toEqual({ file, leaves: theirs.leaves });
        tally.equal();
      }
    }
    tally.expectOnPage();
  });
});
