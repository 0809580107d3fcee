import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { corpusFolder, pythonOracle } from '@holdfast/tooling-services';
import { describe, expect, it } from 'vitest';
import { bytesSource, FormatError, type FormatInspection, inspect } from '../src/index.ts';
import { onnxValues } from './support/onnx-values.ts';

const corpus = corpusFolder();

/** What every file of a folder is, apart from those that are broken or special on purpose. */
const folders: readonly (readonly [string, string, { readonly [file: string]: string }])[] = [
  ['onnx', 'onnx', {}],
  ['numpy', 'numpy', { 'py2-objarr.npz': 'numpy_archive', 'py3-objarr.npz': 'numpy_archive' }],
  ['pytorch-burn', 'pytorch_state_dict', { 'broken.pt': 'binary' }],
  ['hdf5-jhdf', 'hdf5', {}],
  ['matlab-scipy', 'matlab', { 'debigged_m4.mat': 'binary' }],
  ['bearing-cwru', 'matlab', {}],
  ['bearing-mfpt', 'matlab', {}],
];

function filesOf(folder: string): string[] {
  return corpus === undefined ? [] : readdirSync(join(corpus, folder));
}

function read(folder: string, file: string): Uint8Array {
  return Uint8Array.from(readFileSync(join(corpus ?? '', folder, file)));
}

describe.skipIf(corpus === undefined)('the corpus', () => {
  it.each(folders)('has in %s files of the format %s', async (folder, format, exceptions) => {
    const found: { [file: string]: string } = {};
    const due: { [file: string]: string } = {};
    for (const file of filesOf(folder)) {
      due[file] = exceptions[file] ?? format;
      const result = await inspect(bytesSource(read(folder, file)));
      expect(JSON.parse(JSON.stringify(result))).toEqual(result);
      found[file] = result.format;
    }
    expect(Object.keys(found).length).toBeGreaterThan(0);
    expect(found).toEqual(due);
  });

  it('marks every file that holds a pickle as unscanned', async () => {
    for (const folder of ['numpy', 'pytorch-burn']) {
      for (const file of filesOf(folder)) {
        if (file === 'broken.pt') continue;
        const result = await inspect(bytesSource(read(folder, file)));
        expect(result.scan?.verdict, file).toBe('unscanned');
      }
    }
  });

  it('cut in the middle is refused or told to be something else, never a crash', async () => {
    for (const [folder] of folders) {
      for (const file of filesOf(folder)) {
        const bytes = read(folder, file);
        for (const share of [0.1, 0.5, 0.9, 0.99]) {
          const outcome = await inspect(bytesSource(bytes.subarray(0, bytes.length * share))).catch(
            (error: unknown) => error,
          );
          expect(
            outcome instanceof Error && !FormatError.isInstance(outcome) ? outcome.stack : '',
            file,
          ).toBe('');
        }
      }
    }
  });

  it('cut in the middle, behind where they can be told, ONNX models and HDF5 files are refused', async () => {
    for (const folder of ['onnx', 'hdf5-jhdf']) {
      for (const file of filesOf(folder)) {
        const bytes = read(folder, file);
        const whole = await inspect(bytesSource(bytes));
        const userBlockBytes = Number(whole.summary['userBlockBytes'] ?? 0);
        const half = bytes.subarray(0, Math.max(bytes.length / 2, userBlockBytes + 50));
        await expect(inspect(bytesSource(half)), file).rejects.toMatchObject({
          name: 'FormatError',
          format: folder === 'onnx' ? 'onnx' : 'hdf5',
        });
      }
    }
  });
});

const python = corpus === undefined ? undefined : pythonOracle();

describe.skipIf(python === undefined)('the ONNX models of the corpus', () => {
  it('have the inputs, outputs and weights that the onnx package sees', async () => {
    const files = filesOf('onnx');
    const answers = onnxValues(
      python ?? '',
      files.map((file) => read('onnx', file)),
    );
    for (const [index, file] of files.entries()) {
      const { inputs, outputs, tensors, summary }: FormatInspection = await inspect(
        bytesSource(read('onnx', file)),
      );
      const ours = {
        inputs: inputs?.map(({ name, type, shape }) => ({ name, type, shape: shape ?? null })),
        outputs: outputs?.map(({ name, type, shape }) => ({ name, type, shape: shape ?? null })),
        tensors: tensors?.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
        operators: summary['operators'],
        operatorSets: summary['operatorSets'],
        irVersion: summary['irVersion'],
      };
      expect(ours, file).toEqual(answers[index]);
    }
  });
});
