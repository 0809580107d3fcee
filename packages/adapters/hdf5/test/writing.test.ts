import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ElementType, makeElements } from '@holdfast/formats';
import { describe, expect, it } from 'vitest';
import { editHdf5, Hdf5Error, Hdf5File, Hdf5Writer } from '../src/index.ts';
import { inPython, python } from './support/in-python.ts';
import { scratchFolder } from './support/scratch-folder.ts';

const folder = scratchFolder();
const types: readonly ElementType[] = [
  'bool',
  'int8',
  'uint16',
  'int64',
  'float16',
  'float32',
  'float64',
  'complex64',
];

function sample(dtype: ElementType, count: number): ReturnType<typeof makeElements> {
  const data = makeElements(dtype, count);
  for (let index = 0; index < data.length; index += 1)
    (data as { [index: number]: unknown })[index] = stored(dtype, dtype === 'bool' ? index % 2 : index % 100);
  return data;
}

function stored(dtype: ElementType, value: number): unknown {
  if (dtype === 'int64') return BigInt(value);
  if (dtype !== 'float16' || value === 0) return value;
  const exponent = Math.floor(Math.log2(value));
  return ((exponent + 15) << 10) | Math.round((value / 2 ** exponent - 1) * 1024);
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.catch((caught: unknown) => caught);
  if (!Hdf5Error.isInstance(error)) throw error;
  return error.code;
}

async function small(path: string, value: number): Promise<void> {
  await using writer = await Hdf5Writer.create(path, { mode: 'replace' });
  await writer.dataset('x', { dtype: 'int32' }).append(Int32Array.of(value));
  await writer.finish();
}

async function read(path: string): Promise<unknown> {
  await using file = await Hdf5File.open(path);
  return [...(await (await file.dataset('x')).read()).data];
}

describe('writing an HDF5 file', () => {
  it('gives every type in every layout as it was appended, in pieces of any size', async () => {
    const path = join(folder, 'types.h5');
    await using writer = await Hdf5Writer.create(path);
    writer.group('deep/er', {
      fs: 1e6,
      unit: 'V',
      names: ['a', 'é'],
      ok: true,
      x: Float32Array.of(1.5),
      half: 0.5,
    });
    const layouts = {
      plain: { rows: 100 },
      chunked: { chunkRows: 7 },
      gzip: { chunkRows: 7, gzip: 4 },
      growing: { isResizable: true, gzip: 0, shuffle: false },
    };
    for (const dtype of types)
      for (const [name, layout] of Object.entries(layouts)) {
        const rows = writer.dataset(`${name}/${dtype}`, {
          dtype,
          rowShape: [3, 5],
          ...layout,
          attributes: { of: dtype },
        });
        const all = sample(dtype, 1500);
        const rowLength = all.length / 100;
        for (const [from, to] of [
          [0, 1],
          [1, 30],
          [30, 30],
          [30, 99],
          [99, 100],
        ] as const)
          await rows.append(all.subarray(from * rowLength, to * rowLength));
      }
    await writer.write('texts', {
      kind: 'text',
      data: ['one', '', 'zwei é'],
      shape: [3],
      order: 'row-major',
    });
    await writer.finish();
    await using file = await Hdf5File.open(path);
    for (const dtype of types)
      for (const name of Object.keys(layouts)) {
        const value = await (await file.dataset(`${name}/${dtype}`)).read();
        expect([value.dtype, value.shape, value.data]).toEqual([dtype, [100, 3, 5], sample(dtype, 1500)]);
      }
    if (python === '') return;
    const program = `
with h5py.File(question, 'r') as f:
    g = lambda d: [str(d.dtype), d.shape, d.chunks, d.maxshape, d.compression, d.shuffle, np.array_equal(d[()].reshape(-1)[:4], np.array([0, 1, 0, 1] if d.dtype == bool else [1j, 2+3j, 4+5j, 6+7j] if d.dtype.kind == 'c' else [0, 1, 2, 3]))]
    print(json.dumps({'a': {k: str(v) for k, v in f['deep/er'].attrs.items()}, 't': [x.decode() for x in f['texts']], 'd': {n + '/' + t: g(f[n][t]) for n in ['plain', 'chunked', 'gzip', 'growing'] for t in f[n]}}))
`;
    const seen = inPython(program, path) as { a: unknown; t: unknown; d: { [name: string]: unknown[] } };
    expect(seen.a).toMatchObject({ fs: '1000000', unit: 'V', ok: 'True', half: '0.5' });
    expect(seen.t).toEqual(['one', '', 'zwei é']);
    expect(seen.d['plain/float16']).toEqual(['float16', [100, 3, 5], null, [100, 3, 5], null, false, true]);
    expect(seen.d['gzip/complex64']).toMatchObject([
      'complex64',
      [100, 3, 5],
      [7, 3, 5],
      [100, 3, 5],
      'gzip',
      true,
      true,
    ]);
    expect(seen.d['growing/int64']).toMatchObject([
      'int64',
      [100, 3, 5],
      [8738, 3, 5],
      [null, 3, 5],
      'gzip',
      false,
      true,
    ]);
    expect(Object.values(seen.d).filter(({ 6: isEqual }) => isEqual !== true)).toEqual([]);
  });

  it('leaves the old file when it is given up, when it fails, and when the writer is killed', async () => {
    const path = join(folder, 'kept.h5');
    await small(path, 1);
    {
      await using writer = await Hdf5Writer.create(path, { mode: 'replace' });
      await writer.dataset('x', { dtype: 'int32' }).append(Int32Array.of(2));
    }
    expect(await read(path)).toEqual([1]);
    const writer = await Hdf5Writer.create(path, { mode: 'replace' });
    await writer.dataset('x', { dtype: 'int32', rows: 3 }).append(Int32Array.of(2));
    expect(await codeOf(writer.finish())).toBe('invalid-argument');
    await writer[Symbol.asyncDispose]();
    const script = join(import.meta.dirname, 'write-rows.ts');
    const child = spawn(process.execPath, ['--conditions=@holdfast/source', script, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'close');
    await once(child.stdout, 'data');
    expect(await codeOf(Hdf5Writer.create(path, { mode: 'replace', waitMs: 0 }))).toBe('locked');
    child.kill('SIGKILL');
    await ended;
    expect(await read(path)).toEqual([1]);
    await small(path, 3);
    expect(await read(path)).toEqual([3]);
    expect(readdirSync(folder).filter((name) => name.endsWith('.writing'))).toEqual([]);
  });

  it('has one writer at a time: another one waits or is refused, and readers do neither', async () => {
    const path = join(folder, 'shared.h5');
    await small(path, 1);
    const first = await Hdf5Writer.create(path, { mode: 'replace' });
    expect(await codeOf(Hdf5Writer.create(path, { mode: 'replace', waitMs: 0 }))).toBe('locked');
    expect(await codeOf(editHdf5(path, () => {}, { waitMs: 20 }))).toBe('locked');
    const waiting = small(path, 3);
    await first.dataset('x', { dtype: 'int32' }).append(Int32Array.of(2));
    await using reader = await Hdf5File.open(path);
    await first.finish();
    await waiting;
    expect([...(await (await reader.dataset('x')).read()).data]).toEqual([1]);
    expect(await read(path)).toEqual([3]);
  });

  it('refuses what cannot be, and says what is due', async () => {
    const path = join(folder, 'refused.h5');
    await using writer = await Hdf5Writer.create(path);
    const rows = writer.dataset('a/b', { dtype: 'float32', rowShape: [4], rows: 2 });
    await expect(rows.append(new Float32Array(3))).rejects.toThrow(/whole rows of 4/);
    await expect(rows.append(new Float64Array(4) as never)).rejects.toThrow(/Float32Array for float32/);
    await expect(rows.append(new Float32Array(12))).rejects.toThrow(/the 2 rows that were announced/);
    for (const [name, options] of [
      ['a/b', { dtype: 'float32' }],
      ['a/b/c', { dtype: 'float32' }],
      ['', { dtype: 'float32' }],
      ['t', { dtype: 'datetime64' }],
      ['e', { dtype: 'int8', rowShape: [0] }],
      ['g', { dtype: 'int8', gzip: 10 }],
      ['l', { dtype: 'int8', rowShape: [2 ** 31], chunkRows: 2 }],
    ] as const)
      expect(() => {
        writer.dataset(name, options);
      }, name).toThrow(Hdf5Error);
    writeFileSync(path, 'taken');
    expect(await codeOf(Hdf5Writer.create(path))).toBe('already-exists');
    expect(await codeOf(Hdf5Writer.create(join(folder, 'no/folder/x.h5')))).not.toBe('unexpected');
    expect(existsSync(join(folder, 'no'))).toBe(false);
  });
});

describe('changing an HDF5 file', () => {
  it('appends and overwrites rows, makes groups and sets attributes, in files of h5py and of ours', async () => {
    const ours = join(folder, 'grows.h5');
    await using writer = await Hdf5Writer.create(ours);
    for (const dtype of types)
      await writer
        .dataset(dtype, { dtype, rowShape: [5], chunkRows: 3, gzip: 1, isResizable: true })
        .append(sample(dtype, 20));
    writer.dataset('fixed', { dtype: 'int8', rows: 0 });
    await writer.finish();
    const theirs = join(folder, 'latest.h5');
    if (python !== '')
      inPython(
        `
with h5py.File(question, 'w', libver='latest') as f:
    for t in ['bool', 'int8', 'uint16', 'int64', 'float16', 'float32', 'float64', 'complex64']:
        n = np.arange(40 if t == 'complex64' else 20)
        a = (n % 2).astype(bool) if t == 'bool' else n.astype('f4').view('c8') if t == 'complex64' else n.astype(t)
        f.create_dataset(t, data=a.reshape(4, 5), chunks=(3, 5), maxshape=(None, 5), shuffle=True, compression=1)
    f.create_dataset('fixed', (0,), 'i1')
`,
        theirs,
      );
    for (const path of python === '' ? [ours] : [ours, theirs]) {
      await editHdf5(path, async (editor) => {
        for (const dtype of types) {
          await editor.appendRows(dtype, sample(dtype, 15));
          await editor.writeRows(dtype, 1, sample(dtype, 5));
        }
        await editor.createGroup('new/group');
        await editor.setAttribute('new/group', 'rate', 2.5);
        await editor.setAttribute('/', 'names', ['a', 'b']);
        await editor.setAttribute('/', 'names', ['c']);
        expect(await codeOf(editor.appendRows('fixed', new Int8Array(1)))).toBe('invalid-argument');
        expect(await codeOf(editor.appendRows('missing', new Int8Array(1)))).toBe('not-found');
        expect(await codeOf(editor.writeRows('int8', 7, new Int8Array(5)))).toBe('invalid-argument');
      });
      await using file = await Hdf5File.open(path);
      for (const dtype of types) {
        const value = await (await file.dataset(dtype)).read();
        const part = (count: number): unknown[] => [...sample(dtype, count)];
        const perRow = value.data.length / 7;
        const due = [...part(20).slice(0, perRow), ...part(5), ...part(20).slice(2 * perRow), ...part(15)];
        expect([value.shape, [...value.data]], dtype).toEqual([[7, 5], due]);
      }
      const [rate] = await file.attributes('new/group');
      expect(await rate?.read()).toMatchObject({ data: Float64Array.of(2.5) });
      const [names] = await file.attributes('/');
      expect(await names?.read()).toMatchObject({ kind: 'text', data: ['c'] });
    }
  });

  it('leaves the old file when the change fails', async () => {
    const path = join(folder, 'failed.h5');
    await small(path, 1);
    const change = editHdf5(path, async (editor) => {
      await editor.writeRows('x', 0, Int32Array.of(9));
      throw new Hdf5Error({ code: 'unexpected', file: path, reason: 'stopped' });
    });
    expect(await codeOf(change)).toBe('unexpected');
    expect(await read(path)).toEqual([1]);
    expect(await codeOf(editHdf5(join(folder, 'missing.h5'), () => {}))).toBe('not-found');
  });
});
