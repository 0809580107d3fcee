import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readNpy } from '@holdfast/formats';
import { pythonOracle } from '@holdfast/tooling-services';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';

const python = pythonOracle() ?? '';
const program = `
import h5py, hdf5plugin, numpy as np
times = np.array([np.datetime64('2020-01-01', 'us')]).astype(h5py.opaque_dtype('M8[us]'))
with h5py.File('full.h5', 'w') as f:
    f.attrs['title'] = 'a set'; f.attrs['rate'] = 12000.5; f.attrs['tags'] = ['a', 'b']; f.attrs['when'] = times
    f.attrs['empty'] = h5py.Empty('f4')
    f.create_group('hollow'); train = f.create_group('train'); train.attrs['split'] = np.float32(0.5)
    x = train.create_dataset('x', data=np.arange(6.).reshape(2, 3))
    x.attrs['unit'] = 'g'; x.attrs['pair'] = np.array([(1, 2.5)], [('a', '>i4'), ('b', 'f8')]); x.attrs['to'] = train.ref
    f['state'] = np.array([0, 1], dtype=h5py.enum_dtype({'good': 0, 'bad': 1}, basetype='i1')); f['times'] = times
    f['soft'] = h5py.SoftLink('train/x'); f['outside'] = h5py.ExternalLink('other.h5', '/y'); f['dangling'] = h5py.SoftLink('/no')
    f['second'] = train; f['kind'] = np.dtype('i4')
with h5py.File('odd.h5', 'w') as f:
    f['numbers'] = [1.5]; f['nothing'] = h5py.Empty('f4'); f['rows'] = np.zeros(2, [('v', 'f4', (3,))])
    f['many'] = np.zeros(50)
    f.create_dataset('packed', data=np.zeros(32, 'i8'), chunks=(32,), **hdf5plugin.Blosc())
    layout = h5py.VirtualLayout((2,), 'f8'); layout[0] = h5py.VirtualSource('z.h5', 'z', (1,)); f.create_virtual_dataset('virtual', layout)
`;
const reader = `
import h5py, json, numpy as np
def plain(v): return v.tolist() if isinstance(v, np.ndarray) else v.item() if isinstance(v, np.generic) else v
with h5py.File('copy.h5') as f:
    out = {'/': {n: plain(f.attrs[n]) for n in f.attrs if n != 'when'}}
    f.visititems(lambda path, o: out.__setitem__(path, {n: plain(o.attrs[n]) for n in o.attrs}))
print(json.dumps(out))
`;

function world(): Holdfast {
  const holdfast = new Holdfast();
  onTestFinished(() => holdfast[Symbol.dispose]());
  execFileSync(python, ['-I', '-c', program], { cwd: holdfast.path('.') });
  return holdfast;
}

interface Answer {
  readonly lost: readonly { readonly name: string; readonly what: string }[];
}

describe.skipIf(python === '')('the conversion of an HDF5 file', () => {
  test('keeps attributes of groups and datasets, and reports what is lost', async () => {
    const holdfast = world();
    const { lost, ...answer } = await holdfast.json<Answer>(['convert', 'full.h5', 'copy.h5']);
    expect(answer).toMatchObject({
      leftOut: [
        { name: 'dangling', reason: 'is a soft link to /no' },
        { name: 'outside', reason: 'is an external link to /y in other.h5' },
        { name: 'soft', reason: 'is a soft link to train/x' },
      ],
    });
    expect(new Set(lost.map(({ name, what }) => `${name}: ${what}`))).toEqual(
      new Set([
        'kind: named type',
        'train: second name of the group /second',
        'state: names of the enumeration',
        'times: type tag NUMPY:<M8[us]',
        'second/x: attribute to',
        '/: attribute empty',
        '/: type tag NUMPY:<M8[us] of attribute when',
      ]),
    );
    const read = execFileSync(python, ['-I', '-c', reader], { cwd: holdfast.path('.') }).toString();
    expect(JSON.parse(read)).toEqual({
      '/': { title: 'a set', rate: 12_000.5, tags: ['a', 'b'] },
      hollow: {},
      second: { split: 0.5 },
      'second/x': { unit: 'g', pair: [[1, 2.5]] },
      state: {},
      times: {},
    });
  });

  test('reports the attributes that another format does not hold', async () => {
    const holdfast = world();
    const { stderr } = await holdfast.succeed(['convert', 'full.h5', 'x.npz']);
    expect(stderr).toMatch(
      /warning: x\.npz does not hold 13 details of the source: .*\(attribute title\), .*and 3 more \(--json/,
    );
    const { lost } = await holdfast.json<Answer>([
      'convert',
      'full.h5',
      'x.safetensors',
      '--skip-unsupported',
    ]);
    expect(lost).toContainEqual({ name: 'second/x', what: 'attribute unit' });
    expect(lost).not.toContainEqual({ name: '/', what: 'attribute title' });
    const renamed = await holdfast.json<Answer>(['convert', 'full.h5', 'x.mat', '--variable', 'second/x']);
    expect(renamed.lost).toEqual(
      ['unit', 'pair', 'to'].map((name) => ({ name: 'second/x', what: `attribute ${name}` })),
    );
    await holdfast.succeed(['convert', 'full.h5', 'm.safetensors', '--variable', 'second/x']);
    const back = await holdfast.json<Answer>(['convert', 'm.safetensors', 'm.npz']);
    expect(back.lost).toEqual([{ name: '/', what: 'metadata title' }]);
  });

  test('follows a soft link that is asked for, and names where the others lead', async () => {
    const holdfast = world();
    await holdfast.succeed(['convert', 'full.h5', 's.npy', '--variable', 'soft']);
    const soft = await readNpy(Uint8Array.from(readFileSync(holdfast.path('s.npy'))));
    expect(await soft.read()).toMatchObject({ shape: [2, 3], data: Float64Array.of(0, 1, 2, 3, 4, 5) });
    for (const [name, message] of [
      ['dangling', 'dangling of full.h5 is a soft link to /no'],
      ['outside', 'outside of full.h5 is an external link to /y in other.h5'],
    ] as const) {
      const refused = await holdfast.run(['convert', 'full.h5', 'n.npy', '--variable', name]);
      expect(refused).toMatchObject({ exitCode: 9, stdout: '' });
      expect(refused.stderr).toContain(message);
    }
  });

  test('leaves out what cannot be read or written, each with its reason', async () => {
    const holdfast = world();
    const refused = await holdfast.run(['convert', 'odd.h5', 'odd.npz']);
    expect(refused).toMatchObject({ exitCode: 9, stdout: '' });
    expect(refused.stderr).toMatch(/--skip-unsupported.*--variable NAME/);
    const answer = await holdfast.json(['convert', 'odd.h5', 'copy.h5', '--skip-unsupported']);
    expect(answer).toMatchObject({
      values: [{ name: 'many' }, { name: 'numbers' }],
      leftOut: [
        { name: 'nothing', reason: 'is empty: a dataset without elements' },
        { name: 'packed', reason: 'cannot be read: the filter blosc (number 32001) is not read' },
        {
          name: 'virtual',
          reason: expect.stringContaining('cannot be read: the dataset is virtual') as string,
        },
        {
          name: 'rows',
          reason: expect.stringContaining('holds arrays in the column v of a compound') as string,
        },
      ],
    });
    const { stdout } = await holdfast.succeed(['inspect', 'odd.h5', '--values']);
    expect(stdout).toMatch(/many +float64, not shown: 50 elements, more than 32/);
    expect(stdout).toMatch(/nothing +empty, not shown: is empty/);
  });

  test('of another format is asked for: the error names the format of the content', async () => {
    const { stderr } = await world().run(['inspect', 'odd.h5', '--format', 'matlab']);
    expect(stderr).toContain('the content is hdf5, not matlab');
  });
});
