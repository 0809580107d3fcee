import {
  appendFileSync,
  closeSync,
  copyFileSync,
  openSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Hdf5Error, Hdf5File } from '../src/index.ts';
import { toHdf5Error } from '../src/to-hdf5-error.ts';
import { inPython, python } from './support/in-python.ts';
import { scratchFolder } from './support/scratch-folder.ts';

const folder = scratchFolder();
const path = join(folder, 'odd.h5');

async function failure(work: Promise<unknown>): Promise<Hdf5Error> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (Hdf5Error.isInstance(error)) return error;
  throw error ?? new Error('Nothing was refused.');
}

describe.skipIf(python === '')('an odd or damaged file', () => {
  let places: { readonly [name: string]: number } = {};
  beforeAll(() => {
    const program = `
os.chdir(os.path.dirname(question))
a = np.arange(4000, dtype='<i4').reshape(100, 40)
with h5py.File('other.h5', 'w') as f: f['x'] = a
with h5py.File(question, 'w') as f:
    f.create_dataset('gzip', data=a, chunks=(10, 40), compression=4)
    f.create_dataset('sum', data=a, chunks=(10, 40), fletcher32=True)
    f['outside'] = h5py.ExternalLink('other.h5', '/x')
    f['text'] = 'one'
    f.create_dataset('raw', (100, 40), '<i4', external=[('raw.bin', 0, h5py.h5f.UNLIMITED)])[...] = a
    inside = h5py.VirtualLayout((100, 40), '<i4'); inside[:50] = h5py.VirtualSource('.', 'gzip', (100, 40))[50:]; f.create_virtual_dataset('inside', inside)
    away = h5py.VirtualLayout((100, 40), '<i4'); away[:] = h5py.VirtualSource('other.h5', 'x', (100, 40)); f.create_virtual_dataset('away', away)
    p = h5py.h5p.create(h5py.h5p.DATASET_CREATE); p.set_chunk((10, 40)); p.set_filter(32026 if False else 31999, h5py.h5z.FLAG_OPTIONAL, ())
    d = h5py.Dataset(h5py.h5d.create(f.id, b'unknown', h5py.h5t.STD_I32LE, h5py.h5s.create_simple((100, 40)), p))
    d.id.write_direct_chunk((0, 0), a[:10].tobytes(), 0)
    print(json.dumps({n: f[n].id.get_chunk_info(3).byte_offset for n in ['gzip', 'sum']}))
`;
    places = inPython(program, path) as typeof places;
  });

  it('is refused by name where it leads elsewhere or needs what is missing', async () => {
    await using file = await Hdf5File.open(path);
    const refusals = [
      ['outside', 'unsupported', /an external link to .*, which is not followed/],
      ['raw', 'unsupported', /in other files, which are not opened/],
      ['away', 'unsupported', /virtual/],
      ['unknown', 'unsupported', /filter .*31999.* is not read/],
      ['text', 'unsupported', /are not numbers/],
      ['nothing', 'not-found', /no object of this name/],
      ['/', 'invalid-argument', /is a group, not a dataset/],
    ] as const;
    for (const [name, code, reason] of refusals) {
      const error = await failure(file.dataset(name).then((dataset) => dataset.read()));
      expect([error.code, error.file, error.dataset], name).toEqual([
        code,
        path,
        name.startsWith('/') ? name : expect.stringContaining(name),
      ]);
      expect(error.reason, name).toMatch(reason);
    }
    expect((await failure((await file.dataset('away')).readValue())).reason).toMatch(/virtual/);
    expect((await failure((await file.dataset('raw')).readValue())).reason).toMatch(/other files/);
  });

  it('is read by h5wasm where only that can: a virtual dataset within the file', async () => {
    await using file = await Hdf5File.open(path);
    const value = await (await file.dataset('inside')).readValue({ start: [0, 0], count: [1, 3] });
    expect(value).toMatchObject({
      kind: 'numeric',
      dtype: 'int32',
      shape: [1, 3],
      data: Int32Array.of(2000, 2001, 2002),
    });
    expect(await (await file.dataset('text')).readValue()).toMatchObject({ kind: 'text', data: ['one'] });
  });

  it('names the chunk that is damaged, in one thread and in several', async () => {
    for (const name of ['gzip', 'sum']) {
      const damaged = join(folder, `damaged-${name}.h5`);
      copyFileSync(path, damaged);
      const descriptor = openSync(damaged, 'r+');
      writeSync(descriptor, Buffer.alloc(40, 0xa5), 0, 40, (places[name] ?? 0) + 20);
      closeSync(descriptor);
      await using file = await Hdf5File.open(damaged);
      const dataset = await file.dataset(name);
      for (const read of [
        () => dataset.read(),
        () => dataset.readBatch([1, 35]),
        () => dataset.readRow(30),
      ]) {
        const error = await failure(read());
        expect([error.code, error.dataset, error.chunk]).toEqual(['corrupt', `/${name}`, 3]);
        expect(error.message).toContain('chunk 3');
      }
      expect((await dataset.readRow(29)).data[0]).toBe(29 * 40);
    }
  });

  it('is refused when it is cut at any kilobyte', async () => {
    const whole = readFileSync(path);
    const cut = join(folder, 'cut.h5');
    for (let sizeBytes = 0; sizeBytes < whole.length; sizeBytes += 1024) {
      writeFileSync(cut, whole.subarray(0, sizeBytes));
      expect((await failure(Hdf5File.open(cut))).code).toBe('corrupt');
    }
  });

  it('is reported as changed where another process wrote to it while it was open', async () => {
    const changed = join(folder, 'changed.h5');
    copyFileSync(path, changed);
    await using file = await Hdf5File.open(changed);
    const dataset = await file.dataset('gzip');
    await dataset.readRow(0);
    truncateSync(changed, 3000);
    appendFileSync(changed, 'x');
    const error = await failure(dataset.read());
    expect([error.code, error.dataset]).toEqual(['unavailable', '/gzip']);
    expect(error.hint).toContain('Open it again');
  });
});

it('refuses rows and memory that do not fit, and gives up when a signal is raised', async () => {
  if (python === '') return;
  await using file = await Hdf5File.open(path);
  const dataset = await file.dataset('gzip');
  for (const work of [
    () => dataset.readRow(100),
    () => dataset.readRow(-1),
    () => dataset.readRow(1.5),
    () => dataset.readRows(99, 2),
    () => dataset.readBatch([0, 100]),
    () => dataset.read({ into: new Int32Array(3999) }),
    () => dataset.readRow(0, { into: new Float32Array(40) }),
    () => dataset.readValue({ start: [0], count: [1] }),
  ])
    expect((await failure(work())).code).toBe('invalid-argument');
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(dataset.read({ signal })).rejects.toThrow('enough');
  await expect(Hdf5File.open(path, { signal })).rejects.toThrow('enough');
});

it.each([
  ['EROFS', 'permission-denied'],
  ['EACCES', 'permission-denied'],
  ['ENOSPC', 'quota-exceeded'],
  ['EIO', 'unavailable'],
])('reports %s of the system as %s, with what to do', (code, due) => {
  const error = toHdf5Error(Object.assign(new Error('x'), { code }), { file: '/a.h5' });
  expect(error).toMatchObject({ code: due, file: '/a.h5', hint: expect.stringMatching(/\.$/) });
});
