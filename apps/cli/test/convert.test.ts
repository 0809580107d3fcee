import { readFileSync, symlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import {
  encodeMat,
  encodeNpy,
  encodeNpz,
  encodeTorch,
  type NumericArray,
  readMat,
  readNpy,
  readNpz,
  readSafetensors,
  readTorch,
} from '@holdfast/formats';
import { inflate } from '@holdfast/registry';
import { expect, onTestFinished, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';

const weights: NumericArray = {
  kind: 'numeric',
  dtype: 'float32',
  shape: [2, 3],
  order: 'row-major',
  data: Float32Array.of(1, 2, 3, 4, 5, 6),
};
const signal: NumericArray = {
  kind: 'numeric',
  dtype: 'float64',
  shape: [4, 1],
  order: 'column-major',
  data: Float64Array.of(0.5, 1, 1.5, 2),
};
const column: NumericArray = { ...signal, shape: [2], order: 'row-major', data: Float64Array.of(1, 2) };
const record = {
  kind: 'struct',
  shape: [1, 1],
  order: 'column-major',
  fields: [
    { name: 'sr', values: [{ ...signal, shape: [1, 1], data: Float64Array.of(12_000) }] },
    { name: 'gs', values: [signal] },
  ],
} as const;

function world(): Holdfast {
  const holdfast = new Holdfast();
  onTestFinished(() => holdfast[Symbol.dispose]());
  holdfast.write('checkpoint.pt', encodeTorch({ epoch: 3, state_dict: { fc: weights } }));
  holdfast.write(
    'model.pt',
    encodeTorch({
      'fc.weight': weights,
      'fc.bias': { ...weights, shape: [3], data: Float32Array.of(7, 8, 9) },
    }),
  );
  holdfast.write('recording.mat', encodeMat({ gs: signal, bearing: record }));
  const arrays = encodeNpz({ a: weights, b: signal });
  holdfast.write('arrays.npz', arrays);
  holdfast.write('cut.npz', arrays.subarray(0, -9));
  const objects = Buffer.from(encodeNpy(signal)).toString('latin1').replace("'<f8'", "'|O' ");
  holdfast.write('objects.npy', Buffer.from(objects, 'latin1'));
  holdfast.write('text.npy', 'not an array');
  holdfast.write('folder.npz/file', '');
  return holdfast;
}

const bytesOf = (holdfast: Holdfast, name: string): Uint8Array =>
  Uint8Array.from(readFileSync(holdfast.path(name)));

test('a state dict of torch becomes safetensors, and comes back', async () => {
  const holdfast = world();
  const answer = await holdfast.json(['convert', 'model.pt', 'model.safetensors']);
  expect(answer).toEqual({
    from: 'model.pt',
    to: 'model.safetensors',
    format: 'safetensors',
    values: [
      { name: 'fc.weight', type: 'torch.float32', shape: [2, 3] },
      { name: 'fc.bias', type: 'torch.float32', shape: [3] },
    ],
    leftOut: [],
    renamed: [],
    lost: [],
  });
  const { tensors } = await readSafetensors(bytesOf(holdfast, 'model.safetensors'));
  expect(await tensors.find(({ name }) => name === 'fc.weight')?.read()).toEqual(weights);
  await holdfast.succeed(['convert', 'model.safetensors', 'back.pth']);
  const back = await readTorch(bytesOf(holdfast, 'back.pth'));
  expect(await back.tensors.find(({ name }) => name === 'fc.weight')?.read()).toEqual(weights);
});

test('what the target cannot hold is refused, or left out when asked for', async () => {
  const holdfast = world();
  const refused = await holdfast.run(['convert', 'checkpoint.pt', 'c.safetensors']);
  expect(refused).toMatchObject({ exitCode: 9, stdout: '' });
  expect(refused.stderr).toContain('c.safetensors cannot hold epoch: it is a plain value and no tensor');
  expect(refused.stderr).toContain('--skip-unsupported');
  const answer = await holdfast.json(['convert', 'checkpoint.pt', 'c.safetensors', '--skip-unsupported']);
  expect(answer).toMatchObject({ values: [{ name: 'state_dict.fc' }], leftOut: [{ name: 'epoch' }] });
  const nested = await holdfast.run(['convert', 'recording.mat', 'r.npz']);
  expect(nested).toMatchObject({ exitCode: 9 });
  expect(nested.stderr).toContain(
    'r.npz cannot hold bearing: it is of a kind (struct) that NumPy has no place for',
  );
});

test('structured arrays and bytes without a meaning are named, and left out when asked for', async () => {
  const holdfast = world();
  const table = {
    kind: 'table',
    shape: [2],
    order: 'row-major',
    columns: [{ name: 'x', value: column }],
  } as const;
  const raw = {
    kind: 'bytes',
    shape: [2],
    order: 'row-major',
    itemBytes: 3,
    data: new Uint8Array(6),
  } as const;
  const blob = { ...raw, isText: false };
  holdfast.write('mixed.npz', encodeNpz({ n: weights, table, blob }));
  holdfast.write('table.npy', encodeNpy(table));
  for (const target of ['m.mat', 'm.safetensors']) {
    const refused = await holdfast.run(['convert', 'mixed.npz', target]);
    expect(refused).toMatchObject({ exitCode: 9, stdout: '' });
    expect(refused.stderr).toContain(`${target} cannot hold table: it is of a kind (table)`);
    const answer = await holdfast.json(['convert', 'mixed.npz', target, '--skip-unsupported']);
    expect(answer).toMatchObject({ values: [{ name: 'n' }], leftOut: [{ name: 'table' }, { name: 'blob' }] });
  }
  const late = await holdfast.run(['convert', 'mixed.npz', 'b.mat', '--variable', 'blob']);
  expect(late).toMatchObject({ exitCode: 9, stdout: '' });
  expect(late.stderr).toContain('b.mat cannot hold blob: it is made of bytes without a meaning');
  const nothing = await holdfast.run(['convert', 'table.npy', 't.mat', '--skip-unsupported']);
  expect(nothing).toMatchObject({ exitCode: 9, stdout: '' });
  expect(nothing.stderr).toContain('Nothing of table.npy can be held by t.mat: it is of a kind (table)');
});

test('names that MATLAB cannot have are changed, and every change is reported', async () => {
  const holdfast = world();
  const shown = await holdfast.succeed(['convert', 'model.pt', 'model.mat']);
  expect(shown.stderr).toContain('warning: fc.weight is named fc_weight in model.mat.');
  holdfast.write('close.npz', encodeNpz({ 'a b': weights, a_b: signal }));
  const answer = await holdfast.json(['convert', 'close.npz', 'close.mat']);
  expect(answer).toMatchObject({ renamed: [{ from: 'a b', to: 'a_b_2' }] });
  const { variables } = await readMat(bytesOf(holdfast, 'close.mat'));
  expect(variables.map(({ name, shape }) => [name, shape])).toEqual([
    ['a_b_2', [2, 3]],
    ['a_b', [4, 1]],
  ]);
});

test('of variables with one name the last counts, and the others are reported', async () => {
  const holdfast = world();
  const later = encodeMat({ gs: { ...signal, data: Float64Array.of(5, 6, 7, 8) } });
  holdfast.write('twice.mat', Buffer.concat([encodeMat({ gs: signal }), later.subarray(128)]));
  const answer = await holdfast.json(['convert', 'twice.mat', 'twice.npz']);
  expect(answer).toMatchObject({ values: [{ name: 'gs' }], leftOut: [{ name: 'gs' }] });
  const [gs] = await readNpz(bytesOf(holdfast, 'twice.npz'));
  expect(await gs?.read()).toMatchObject({ data: Float64Array.of(5, 6, 7, 8) });
});

test('MATLAB, NumPy and the compressed forms of both are converted into each other', async () => {
  const holdfast = world();
  await holdfast.succeed(['convert', 'recording.mat', 'gs.npy', '--variable', 'gs']);
  expect(await (await readNpy(bytesOf(holdfast, 'gs.npy'))).read()).toEqual(signal);
  await holdfast.succeed(['convert', 'gs.npy', 'gs.mat', '--compress']);
  const { variables } = await readMat(bytesOf(holdfast, 'gs.mat'), { inflate });
  expect(await variables[0]?.read()).toEqual(signal);
  expect(variables[0]?.name).toBe('gs');
  await holdfast.succeed(['convert', 'arrays.npz', 'all.mat']);
  await holdfast.succeed(['convert', 'all.mat', 'all.npz', '--compress']);
  const arrays = await readNpz(bytesOf(holdfast, 'all.npz'), { inflate });
  expect(arrays.map(({ name, shape }) => [name, shape])).toEqual([
    ['a', [2, 3]],
    ['b', [4, 1]],
  ]);
});

test.each([
  [['convert', 'arrays.npz', 'x.npy'], 2, 'x.npy can hold one array, and there are 2'],
  [['convert', 'arrays.npz', 'x.npy', '--variable', 'z'], 3, 'arrays.npz has no value named z'],
  [['convert', 'arrays.npz', 'x.txt'], 2, 'The ending of x.txt names no format'],
  [['convert', 'nothing.npz', 'x.npy'], 3, 'nothing.npz'],
  [['convert', 'arrays.npz', 'model.pt', '--variable', 'a'], 4, 'model.pt'],
  [['convert', 'model.pt', 'x.safetensors', '--compress'], 2, 'cannot be compressed'],
  [['convert', 'arrays.npz', 'missing/x.npz'], 3, 'The folder missing does not exist'],
  [['convert', 'arrays.npz', 'folder.npz', '--force'], 2, 'folder.npz is a folder'],
  [['convert', 'cut.npz', 'x.npz'], 2, 'Not valid numpy_archive in cut.npz'],
  [['convert', 'objects.npy', 'x.npz'], 9, 'numpy in objects.npy: the array holds Python objects'],
  [['convert', 'text.npy', 'x.npz'], 9, 'text.npy: the content is in no format whose values are read'],
])('%j ends with %i', async (commandLine, exitCode, message) => {
  const run = await world().run(commandLine);
  expect(run).toMatchObject({ exitCode, stdout: '' });
  expect(run.stderr).toContain(message);
  expect(run.stderr).not.toContain('.partial');
});

test('a file is inspected with its variables as a tree, its tensors with strides, and small values', async () => {
  const holdfast = world();
  const shown = await holdfast.succeed(['inspect', 'recording.mat', '--values']);
  expect(shown.stdout).toMatch(
    /Variables \(2\)\n {2}gs +double {2}4 × 1 {2}32 B\n {2}bearing +struct {2}1 × 1\n {4}sr +double {2}1 × 1/,
  );
  expect(shown.stdout).toMatch(
    /Values\n {2}gs +\[0\.5,1,1\.5,2\]\n {2}bearing +struct, not shown: nested \(struct\)/,
  );
  const model = await holdfast.json<{ inspection: unknown; values: unknown }>([
    'inspect',
    'model.pt',
    '--values',
  ]);
  expect(model.inspection).toMatchObject({
    tensors: [{ name: 'fc.weight', strides: [3, 1], sizeBytes: 24 }, { name: 'fc.bias' }],
  });
  expect(model.values).toMatchObject([
    { name: 'fc.weight', values: [1, 2, 3, 4, 5, 6] },
    { values: [7, 8, 9] },
  ]);
  const refused = await holdfast.run(['inspect', '.', '--values']);
  expect(refused).toMatchObject({ exitCode: 9 });
});

test('the values of a column-major array are printed with the last index running fastest', async () => {
  using holdfast = new Holdfast();
  const data = Float64Array.of(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11);
  holdfast.write(
    'm.mat',
    encodeMat({ m: { kind: 'numeric', dtype: 'float64', shape: [3, 4], order: 'column-major', data } }),
  );
  const { values } = await holdfast.json<{ values: { values: number[] }[] }>([
    'inspect',
    'm.mat',
    '--values',
  ]);
  expect(values[0]?.values).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

test('an interrupted conversion ends at once and leaves nothing', async () => {
  using holdfast = new Holdfast();
  const data = Float64Array.from({ length: 6_000_000 }, (_, index) => Math.sin(index));
  const npz = encodeNpz({
    big: { kind: 'numeric', dtype: 'float64', shape: [data.length], order: 'row-major', data },
  });
  holdfast.write('big.npz', npz);
  const child = holdfast.start(['convert', 'big.npz', 'out.npz', '--compress']);
  const ended = new Promise((resolve) => child.once('close', resolve));
  while (!holdfast.files().some((path) => path.endsWith('.partial')) && child.exitCode === null)
    await delay(5);
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(holdfast.files()).toEqual(['work/big.npz']);
});

test('a field of a struct is converted by its path', async () => {
  const holdfast = world();
  await holdfast.succeed(['convert', 'recording.mat', 'gs.npy', '--variable', 'bearing.gs']);
  expect(await (await readNpy(bytesOf(holdfast, 'gs.npy'))).read()).toEqual(signal);
  const refused = await holdfast.run(['convert', 'recording.mat', 'x.npy', '--variable', 'bearing.no']);
  expect(refused).toMatchObject({ exitCode: 3, stdout: '' });
});

test('a path without a file, a broken link and a long list are named as what they are', async () => {
  const holdfast = world();
  const missing = await holdfast.run(['inspect', 'nofile.h5']);
  expect(missing).toMatchObject({ exitCode: 3, stdout: '' });
  expect(missing.stderr).toContain('There is no file named nofile.h5');
  symlinkSync('nowhere', holdfast.path('folder.npz', 'broken'));
  const broken = await holdfast.run(['inspect', 'folder.npz']);
  expect(broken.stderr).toContain('is a broken link, which cannot be inspected');
  holdfast.write(
    'many.npz',
    encodeNpz(Object.fromEntries(Array.from({ length: 70 }, (_, n) => [`a${n}`, weights]))),
  );
  const { stdout } = await holdfast.succeed(['inspect', 'many.npz', '--values']);
  expect(stdout).toContain('… and 58 more (--json lists all)');
});
