import { encodeMat, encodeNpy, encodeNpz, type NumericArray } from '@holdfast/formats';
import { expect, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';

const samples = Float64Array.from({ length: 4_000 }, (_, index) => Math.sin(index / 7));
const column = (data: Float64Array): NumericArray => ({
  kind: 'numeric',
  dtype: 'float64',
  shape: [data.length, 1],
  order: 'column-major',
  data,
});

interface Report {
  readonly passed: boolean;
  readonly errors: readonly string[];
  readonly metrics: readonly { readonly name: string; readonly value: number | string }[];
  readonly candidate: { readonly path: string; readonly samplingRateHz?: number };
}

test('a signal agrees with its reference in another format, and a louder one does not', async () => {
  using holdfast = new Holdfast();
  holdfast.write('reference.mat', encodeMat({ x: column(samples), fs: column(Float64Array.of(12_000)) }));
  holdfast.write('copy.npy', encodeNpy({ ...column(samples), shape: [samples.length] }));
  holdfast.write('louder.npz', encodeNpz({ x: column(samples.map((sample) => 1.02 * sample)) }));
  const agreed = await holdfast.succeed(['signals', 'validate', 'copy.npy', 'reference.mat']);
  expect(agreed.stdout).toMatch(/^correlation +1 +≥ 0.99 +✓ passed$/m);
  expect(agreed.stderr).toBe('✓ copy.npy agrees with reference.mat (4000 samples).\n');
  const refused = await holdfast.run(['signals', 'validate', 'louder.npz', 'reference.mat']);
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain('✗ The standard deviation differs by 2 %; at most 1 % is allowed.\n');
  const wider = ['standardDeviation', 'rms', 'percentiles', 'pointwise'].flatMap((name) => [
    '--tolerance',
    `${name}=0.03`,
  ]);
  const report = await holdfast.json<Report>([
    'signals',
    'validate',
    'louder.npz',
    'reference.mat',
    ...wider,
  ]);
  expect(report).toMatchObject({
    passed: true,
    candidate: { path: 'x' },
    reference: { samplingRateHz: 12_000 },
  });
});

test('the signal is named where several arrays could be it, and may be one inside a struct', async () => {
  using holdfast = new Holdfast();
  const half = samples.map((sample) => sample / 2);
  holdfast.write('two.mat', encodeMat({ X097_DE_time: column(half), X097_FE_time: column(samples) }));
  holdfast.write(
    'struct.mat',
    encodeMat({
      bearing: {
        kind: 'struct',
        shape: [1, 1],
        order: 'column-major',
        fields: [
          { name: 'sr', values: [column(Float64Array.of(97_656))] },
          { name: 'gs', values: [column(samples)] },
        ],
      },
    }),
  );
  const chosen = await holdfast.run(['signals', 'validate', 'two.mat', 'struct.mat']);
  expect(chosen.exitCode).toBe(1);
  expect(chosen.stderr).toContain('two.mat: X097_DE_time was taken; X097_FE_time could be the signal too.');
  const strict = await holdfast.run(['signals', 'validate', 'two.mat', 'struct.mat', '--strict']);
  expect(strict).toMatchObject({ exitCode: 2 });
  expect(strict.stderr).toContain('Each of X097_DE_time, X097_FE_time could be the signal.');
  const named = ['--signal', '*_FE_time', '--reference-signal', 'bearing.gs'];
  await holdfast.succeed(['signals', 'validate', 'two.mat', 'struct.mat', ...named]);
  holdfast.write('nameless.npy', encodeNpy({ ...column(samples), shape: [samples.length] }));
  await holdfast.succeed(['signals', 'validate', 'nameless.npy', 'two.mat', '--signal', '*_FE_time']);
  const missing = await holdfast.run(['signals', 'validate', 'two.mat', 'two.mat', '--signal', 'z*']);
  expect(missing).toMatchObject({ exitCode: 2 });
  expect(missing.stderr).toContain('two.mat: No array of real numbers matches "z*".');
  expect(missing.stderr).toContain(
    'Its numeric arrays: X097_DE_time: float64 4000 × 1, X097_FE_time: float64 4000 × 1.',
  );
});

test('what cannot be compared is said, and is not an agreement', async () => {
  using holdfast = new Holdfast();
  holdfast.write('long.npy', encodeNpy({ ...column(samples), shape: [4_000] }));
  holdfast.write('short.npy', encodeNpy({ ...column(samples.slice(0, 3_000)), shape: [3_000] }));
  holdfast.write('two.npy', encodeNpy({ ...column(samples), shape: [2_000, 2], order: 'row-major' }));
  holdfast.write('no.mat', 'not a recording');
  const lengths = await holdfast.run(['signals', 'validate', 'short.npy', 'long.npy']);
  expect(lengths).toMatchObject({ exitCode: 1, stderr: '' });
  expect(lengths.stdout).toContain('The candidate has 3000 samples and the reference 4000.');
  await holdfast.succeed(['signals', 'validate', 'short.npy', 'long.npy', '--align', 'start']);
  const channels = await holdfast.run(['signals', 'validate', 'two.npy', 'two.npy']);
  expect(channels).toMatchObject({ exitCode: 2 });
  expect(channels.stderr).toContain('has 2 channels');
  await holdfast.succeed(['signals', 'validate', 'two.npy', 'two.npy', '--channel', '1']);
  for (const [options, message] of [
    [['--align', 'middle'], '--align must be one of start, end, lag (got "middle").'],
    [['--tolerance', 'mean=much'], 'The tolerance mean must be a number (got "much").'],
    [['--tolerance', 'median=1'], 'tolerance "median" must be one of mean, standardDeviation'],
    [
      ['--tolerance', 'mean=1', '--tolerance', 'mean=2'],
      'The tolerance mean is given twice: as "1" and as "2".',
    ],
    [['--segment-length', '0'], '--segment-length must be a whole number from 1 up (got "0").'],
  ] as const) {
    const run = await holdfast.run(['signals', 'validate', 'long.npy', 'long.npy', ...options]);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain(message);
  }
  holdfast.write('zero.npy', encodeNpy({ ...column(samples.map(() => 0)), shape: [4_000] }));
  const wide = ['--tolerance', 'rms=Infinity', '--json'];
  const infinite = await holdfast.run(['signals', 'validate', 'long.npy', 'zero.npy', ...wide]);
  expect((JSON.parse(infinite.stdout) as Report).metrics).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: 'rms', value: 'Infinity', limit: 'Infinity' }),
      expect.objectContaining({ name: 'correlation', value: 'NaN' }),
    ]),
  );
  const foreign = await holdfast.run(['signals', 'validate', 'no.mat', 'long.npy']);
  expect(foreign.exitCode).toBe(9);
  expect(foreign.stderr).toContain('no.mat');
});
