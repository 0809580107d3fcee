import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultTypeCatalog } from '@holdfast/domain';
import { type NumericArray, type Value, encodeMat, encodeNpy } from '@holdfast/formats';
import { type ImportOutcome, MatlabImporter, validateAgainstMatlab } from '@holdfast/signals';
import { corpusFolder } from '@holdfast/tooling-services';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const samples = Float64Array.from({ length: 3_000 }, (_, index) => Math.sin(index / 7));
const column = (data: Float64Array): NumericArray => ({
  kind: 'numeric',
  dtype: 'float64',
  shape: [data.length, 1],
  order: 'column-major',
  data,
});
const text = (value: string): Value => ({
  kind: 'text',
  shape: [1, 1],
  order: 'column-major',
  data: [value],
});

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-importer-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, content: Uint8Array | string): void {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), content);
}

async function outcomes(importer: MatlabImporter): Promise<readonly ImportOutcome[]> {
  return await Array.fromAsync(importer.importFolder(folder));
}

describe('MatlabImporter', () => {
  test('reads signal, sampling rate, metadata and label', async () => {
    const content = encodeMat({
      info: {
        kind: 'struct',
        shape: [1, 1],
        order: 'column-major',
        fields: [
          { name: 'fault', values: [text('Désalignement')] },
          { name: 'Sampling_Rate', values: [column(Float64Array.of(12_000))] },
          { name: 'operator', values: [text('A. B.')] },
        ],
      },
      x: column(samples),
    });
    const recording = await new MatlabImporter().read(content, 'jeu_1.mat');
    expect(recording).toMatchObject({
      path: 'x',
      samplingRateHz: 12_000,
      label: { name: 'desalignement', number: 1 },
      metadata: { 'info.fault': 'Désalignement', 'info.operator': 'A. B.', 'info.Sampling_Rate': 12_000 },
      others: [],
    });
    expect(recording.samples).toEqual(samples);
    expect(validateAgainstMatlab(samples, recording).passed).toBe(true);
  });

  test('skips what is no recording, with the reason, and goes on', async () => {
    write('cavitation/1.mat', encodeMat({ x: column(samples) }));
    write('cavitation/usure_2.npy', encodeNpy({ ...column(samples), shape: [3_000] }));
    write('cut.mat', encodeMat({ x: column(samples) }).subarray(0, 2_000));
    write('notes.txt', 'not a recording');
    write('texts.mat', encodeMat({ title: text('no numbers') }));
    write('.hidden/3.mat', encodeMat({ x: column(samples) }));
    const seen = (await outcomes(new MatlabImporter({ atOnce: 2 }))).map((outcome) =>
      'recording' in outcome
        ? [outcome.file, outcome.recording.label?.name]
        : [outcome.file, outcome.skipped],
    );
    expect(seen).toEqual([
      ['cavitation/1.mat', undefined],
      ['cavitation/usure_2.npy', 'usure'],
      ['cut.mat', expect.stringContaining('matlab')],
      ['notes.txt', expect.stringContaining('the content is in no format whose values are read')],
      ['texts.mat', 'There is no array of two or more real numbers, in channels at most.'],
    ]);
  });

  test('reads linked files, and skips links that lead to none', async () => {
    write('sub/a.mat', encodeMat({ x: column(samples) }));
    for (const [target, name] of [
      ['sub/a.mat', 'good.mat'],
      ['nowhere', 'broken.mat'],
      ['sub', 'folder.mat'],
    ] as const)
      symlinkSync(target, join(folder, name));
    const seen = (await outcomes(new MatlabImporter())).map((outcome) => [
      outcome.file,
      'recording' in outcome,
    ]);
    expect(seen).toEqual([
      ['broken.mat', false],
      ['folder.mat', false],
      ['good.mat', true],
      ['sub/a.mat', true],
    ]);
  });

  test('holds recordings to a schema', async () => {
    write('a.mat', encodeMat({ x: column(samples.slice(0, 10)), title: text('t') }));
    const schema = {
      leastSamples: 100,
      needsSamplingRate: true,
      needsLabel: true,
      metadata: { title: 'text', load: 'number' },
    } as const;
    expect(await outcomes(new MatlabImporter({ schema }))).toEqual([
      {
        file: 'a.mat',
        skipped: 'The recording needs 100 samples (it has 10), a sampling rate, a label, the number load.',
      },
    ]);
  });

  test('reports progress, and stops when it is cancelled', async () => {
    for (let index = 0; index < 6; index++) write(`${index}.mat`, encodeMat({ x: column(samples) }));
    const controller = new AbortController();
    const progress: number[] = [];
    const importing = async (): Promise<void> => {
      const { signal } = controller;
      const onProgress = ({ doneCount, fileCount }: { doneCount: number; fileCount: number }): void => {
        expect(fileCount).toBe(6);
        progress.push(doneCount);
      };
      const importer = new MatlabImporter({ atOnce: 1 });
      for await (const outcome of importer.importFolder(folder, { signal, onProgress }))
        if (outcome.file === '1.mat') controller.abort(new Error('stopped'));
    };
    await expect(importing()).rejects.toThrow('stopped');
    expect(progress).toEqual([1, 2]);
  });
});

const corpus = corpusFolder();

describe.skipIf(corpus === undefined)('recordings of bearings', () => {
  const catalog = FaultTypeCatalog.of([
    { name: 'normal', patterns: ['Normal*'] },
    { name: 'ball', patterns: ['B0*'] },
    { name: 'inner_race', patterns: ['IR0*', 'InnerRace*'] },
    { name: 'outer_race', patterns: ['OR0*', 'OuterRace*'] },
  ]);

  test('of Case Western Reserve University import with signal and label', async () => {
    const importer = new MatlabImporter({ catalog, pattern: '*_DE_time' });
    const found = await Array.fromAsync(importer.importFolder(join(corpus ?? '', 'bearing-cwru')));
    const table = found.map((outcome) =>
      'recording' in outcome
        ? [outcome.file, outcome.recording.label?.name, outcome.recording.path.endsWith('_DE_time')]
        : [outcome.file, outcome.skipped],
    );
    expect(table).toEqual([
      ['B007_0.mat', 'ball', true],
      ['B014_1.mat', 'ball', true],
      ['B021_2.mat', 'ball', true],
      ['IR007_0.mat', 'inner_race', true],
      ['IR014_1.mat', 'inner_race', true],
      ['IR021_2.mat', 'inner_race', true],
      ['Normal_0.mat', 'normal', true],
      ['OR007@6_0.mat', 'outer_race', true],
      ['OR014@6_1.mat', 'outer_race', true],
      ['OR021@6_2.mat', 'outer_race', true],
    ]);
  });

  test('of the Machinery Failure Prevention society import with their sampling rate', async () => {
    const found = await Array.fromAsync(
      new MatlabImporter({ catalog }).importFolder(join(corpus ?? '', 'bearing-mfpt')),
    );
    expect(found).toMatchObject([
      { recording: { path: 'bearing.gs', samplingRateHz: 48_828, label: { name: 'inner_race' } } },
      { recording: { path: 'bearing.gs', samplingRateHz: 48_828, label: { name: 'outer_race' } } },
    ]);
  });
});
