import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  encodeNpz,
  type FormatInspection,
  readMat,
  readNpy,
  readNpz,
  readSafetensors,
} from '@holdfast/formats';
import { inflate } from '@holdfast/registry';
import { pythonOracle } from '@holdfast/tooling-services';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';

const python = pythonOracle() ?? '';
const program = `
import h5py, hdf5plugin, numpy as np, sys
with h5py.File('data.h5', 'w') as f:
    f.attrs['description'] = 'a small set'; f.attrs['rate'] = 12000.5
    d = f.create_dataset('train/signals', data=np.arange(12, dtype='f4').reshape(3, 4), chunks=(2, 4), maxshape=(None, 4), compression='gzip', shuffle=True)
    d.attrs['unit'] = 'g'; d.attrs['limits'] = np.array([-1, 1], 'i2')
    f.create_dataset('train/labels', data=np.array([0, 1, 1], 'u1'), chunks=(3,), **hdf5plugin.Zstd())
    f['latest'] = h5py.SoftLink('/train/signals'); f['train/same'] = f['train/labels']
with h5py.File('odd.h5', 'w') as f:
    f['rows'] = np.zeros(2, [('x', 'f4'), ('n', 'i4')]); f['words'] = np.array(['one', 'two'], dtype=h5py.string_dtype())
    s = f.create_dataset('sequences', (2,), h5py.vlen_dtype('i4')); s[0] = [1, 2]
    f['references'] = np.array([f['rows'].ref], dtype=h5py.ref_dtype); f['outside'] = h5py.ExternalLink('x.h5', '/y')
    f.create_dataset('packed', data=np.zeros(32, 'i8'), chunks=(32,), **hdf5plugin.Blosc()); f['numbers'] = [1.5, 2.5]
with h5py.File('recording.mat', 'w', userblock_size=512) as f:
    x = f.create_dataset('x', data=np.array([[0.5, 1.5]])); x.attrs['MATLAB_class'] = np.bytes_('double')
    s = f.create_group('s'); s.attrs['MATLAB_class'] = np.bytes_('struct'); s.create_dataset('a', data=np.ones((1, 1))).attrs['MATLAB_class'] = np.bytes_('double')
    t = f.create_dataset('t', data=np.array([[104], [105]], 'u2')); t.attrs['MATLAB_class'] = np.bytes_('char'); t.attrs['MATLAB_int_decode'] = np.int32(2)
with open('recording.mat', 'r+b') as f: f.write(b'MATLAB 7.3 MAT-file, Platform: GLNXA64'.ljust(116) + bytes(8) + b'\\x00\\x02IM')
`;

const reader = `
import h5py, json
def plain(v): return v.decode() if isinstance(v, bytes) else v
out = {}
for name in ['back.h5', 'model.h5', 'torch.hdf5', 'recording.h5']:
    with h5py.File(name) as f:
        out[name] = dict(f.attrs)
        f.visititems(lambda path, o: out[name].__setitem__(path, [plain(v) for v in o[()].flatten().tolist()]) if isinstance(o, h5py.Dataset) else None)
print(json.dumps(out))
`;
const numbers = {
  kind: 'numeric',
  dtype: 'uint8',
  shape: [1],
  order: 'row-major',
  data: Uint8Array.of(1),
} as const;

function world(): Holdfast {
  const holdfast = new Holdfast();
  onTestFinished(() => holdfast[Symbol.dispose]());
  execFileSync(python, ['-I', '-c', program], { cwd: holdfast.path('.') });
  return holdfast;
}

const bytesOf = (holdfast: Holdfast, name: string): Uint8Array =>
  Uint8Array.from(readFileSync(holdfast.path(name)));

interface Inspected {
  readonly format: string;
  readonly inspection: FormatInspection;
  readonly values: unknown;
}

const inspected = (holdfast: Holdfast, words: readonly string[]): Promise<Inspected> =>
  holdfast.json<Inspected>(['inspect', ...words]);

describe.skipIf(python === '')('an HDF5 file on the command line', () => {
  test('is inspected: the tree with types, shapes, storage, attributes and links', async () => {
    const holdfast = world();
    const { inspection } = await inspected(holdfast, ['data.h5']);
    expect(inspection.variables).toEqual([
      { name: '@description', type: 'string', shape: [], values: ['a small set'] },
      { name: '@rate', type: 'float64', shape: [], values: [12_000.5] },
      { name: 'latest', type: 'soft link to /train/signals', shape: [] },
      {
        name: 'train',
        type: 'group',
        shape: [],
        children: [
          {
            name: 'labels',
            type: 'uint8',
            shape: [3],
            sizeBytes: 3,
            storage: { layout: 'chunked', chunk: [3], filters: ['zstd 3'] },
          },
          { name: 'same', type: 'same as /train/labels', shape: [] },
          {
            name: 'signals',
            type: 'float32',
            shape: [3, 4],
            sizeBytes: 48,
            storage: {
              layout: 'chunked',
              chunk: [2, 4],
              maxShape: [null, 4],
              filters: ['shuffle', 'deflate 4'],
            },
            children: [
              { name: '@unit', type: 'string', shape: [], values: ['g'] },
              { name: '@limits', type: 'int16', shape: [2], values: [-1, 1] },
            ],
          },
        ],
      },
    ]);
    const { stdout } = await holdfast.succeed(['inspect', 'data.h5', '--values']);
    for (const line of [
      /@description +string +[=] a small set/,
      /signals +float32, chunks 2 × 4, up to ∞ × 4, shuffle, deflate 4 +3 × 4 +48 B/,
      /@limits +int16 +2 +[=] \[-1,1\]/,
      /train\/labels +\[0,1,1\]/,
      /train\/same +\[0,1,1\]/,
    ])
      expect(stdout).toMatch(line);
  });

  test('shows why values are not read, and the others', async () => {
    const holdfast = world();
    const { values } = await inspected(holdfast, ['odd.h5', '--values']);
    expect(values).toEqual([
      { name: 'numbers', type: 'float64', shape: [2], values: [1.5, 2.5] },
      {
        name: 'outside',
        type: 'external link to /y in x.h5',
        shape: [],
        reason: 'is an external link to /y in x.h5',
      },
      {
        name: 'packed',
        type: 'int64',
        shape: [32],
        reason: 'cannot be read: the filter blosc (number 32001) is not read',
      },
      {
        name: 'references',
        type: 'object reference',
        shape: [],
        reason: 'holds references, which lead to objects of its own file',
      },
      { name: 'rows', type: '{ x: float32, n: int32 }', shape: [2], reason: 'nested (table)' },
      { name: 'sequences', type: 'sequence of int32', shape: [2], reason: 'nested (cell)' },
      { name: 'words', type: 'string', shape: [2], values: ['one', 'two'] },
    ]);
  });

  test('is converted, as a whole and by dataset', async () => {
    const holdfast = world();
    await holdfast.succeed(['convert', 'data.h5', 'data.npz']);
    const arrays = await readNpz(bytesOf(holdfast, 'data.npz'));
    expect(arrays.map(({ name, shape }) => [name, shape])).toEqual([
      ['train/labels', [3]],
      ['train/same', [3]],
      ['train/signals', [3, 4]],
    ]);
    await holdfast.succeed(['convert', 'data.h5', 'x.npy', '--variable', 'train/signals']);
    const signals = { dtype: 'float32', shape: [3, 4], data: Float32Array.from({ length: 12 }, (_, n) => n) };
    expect(await (await readNpy(bytesOf(holdfast, 'x.npy'))).read()).toMatchObject(signals);
    await holdfast.succeed(['convert', 'data.h5', 'x.safetensors']);
    const { tensors, metadata } = await readSafetensors(bytesOf(holdfast, 'x.safetensors'));
    expect(metadata).toEqual({ description: 'a small set' });
    expect(await tensors.find(({ name }) => name === 'train/signals')?.read()).toMatchObject(signals);
    const answer = await holdfast.json(['convert', 'data.h5', 'x.mat', '--variable', 'train/labels']);
    expect(answer).toMatchObject({ renamed: [{ from: 'train/labels', to: 'train_labels' }] });
    const { variables } = await readMat(bytesOf(holdfast, 'x.mat'), { inflate });
    expect(variables).toMatchObject([{ name: 'train_labels', className: 'uint8' }]);
  });

  test('has what the target cannot hold named, or left out when asked for', async () => {
    const holdfast = world();
    const refused = await holdfast.run(['convert', 'odd.h5', 'odd.npz', '--variable', 'sequences']);
    expect(refused).toMatchObject({ exitCode: 9, stdout: '' });
    expect(refused.stderr).toContain('it is of a kind (cell) that NumPy has no place for');
    const filter = await holdfast.run(['convert', 'odd.h5', 'p.npy', '--variable', 'packed']);
    expect(filter).toMatchObject({ exitCode: 9, stdout: '' });
    expect(filter.stderr).toContain('packed: it cannot be read: the filter blosc (number 32001) is not read');
    expect(filter.stderr).toContain('h5repack -f SHUF -f GZIP=4');
    const chosen = ['rows', 'words', 'references', 'numbers'].flatMap((name) => ['--variable', name]);
    const answer = await holdfast.json(['convert', 'odd.h5', 'o.npz', '--skip-unsupported', ...chosen]);
    expect(answer).toMatchObject({
      values: [{ name: 'numbers' }, { name: 'rows' }, { name: 'words' }],
      leftOut: [{ name: 'references' }],
    });
  });

  test('is written from the other formats, and read by h5py', async () => {
    const holdfast = world();
    await holdfast.succeed(['convert', 'data.h5', 'data.npz']);
    await holdfast.succeed(['convert', 'data.npz', 'back.h5', '--compress']);
    await holdfast.succeed(['convert', 'data.h5', 'model.safetensors']);
    await holdfast.succeed(['convert', 'model.safetensors', 'model.pt']);
    await holdfast.succeed(['convert', 'model.safetensors', 'model.h5']);
    await holdfast.succeed(['convert', 'model.pt', 'torch.hdf5', '--variable', 'train/signals']);
    const refused = await holdfast.run(['convert', 'recording.mat', 'recording.h5']);
    expect(refused).toMatchObject({ exitCode: 9, stdout: '' });
    expect(refused.stderr).toContain(
      'recording.h5 cannot hold s: it is of a kind (struct) that HDF5 has no place for',
    );
    await holdfast.succeed(['convert', 'recording.mat', 'recording.h5', '--skip-unsupported']);
    const clash = encodeNpz({ a: { ...numbers }, 'a/b': { ...numbers } });
    holdfast.write('clash.npz', clash);
    const { stderr } = await holdfast.run(['convert', 'clash.npz', 'clash.h5']);
    expect(stderr).toContain('clash.h5 cannot hold a/b: it');
    const found = execFileSync(python, ['-I', '-c', reader], { cwd: holdfast.path('.') }).toString();
    const signals = Array.from({ length: 12 }, (_, n) => n);
    expect(JSON.parse(found)).toEqual({
      'back.h5': { 'train/labels': [0, 1, 1], 'train/same': [0, 1, 1], 'train/signals': signals },
      'model.h5': {
        description: 'a small set',
        'train/labels': [0, 1, 1],
        'train/same': [0, 1, 1],
        'train/signals': signals,
      },
      'torch.hdf5': { 'train/signals': signals },
      'recording.h5': { t: ['hi'], x: [0.5, 1.5] },
    });
  });

  test('in the form of MATLAB 7.3 is a MATLAB file', async () => {
    const holdfast = world();
    const { format, inspection, values } = await inspected(holdfast, ['recording.mat', '--values']);
    expect([format, inspection.summary['version']]).toEqual(['matlab', '7.3']);
    expect(inspection.variables).toMatchObject([
      { name: 's', type: 'struct', shape: [1, 1], children: [{ name: 'a', type: 'double' }] },
      { name: 't', type: 'char', shape: [1, 2] },
      { name: 'x', type: 'double', shape: [2, 1], sizeBytes: 16 },
    ]);
    expect(values).toEqual([
      { name: 's', type: 'struct', shape: [1, 1], reason: 'nested (struct)' },
      { name: 't', type: 'char', shape: [1], values: ['hi'] },
      { name: 'x', type: 'double', shape: [2, 1], values: [0.5, 1.5] },
    ]);
    await holdfast.succeed(['convert', 'recording.mat', 'x.npy', '--variable', 'x']);
    expect(await (await readNpy(bytesOf(holdfast, 'x.npy'))).read()).toMatchObject({
      data: Float64Array.of(0.5, 1.5),
    });
    await holdfast.succeed(['convert', 'recording.mat', 'older.mat']);
    const { version, variables } = await readMat(bytesOf(holdfast, 'older.mat'), { inflate });
    expect([version, variables.map(({ name }) => name)]).toEqual(['5', ['s', 't', 'x']]);
  });
});
