import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonOracle } from '@holdfast/tooling-services';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { bytesSource, FormatError, inspect, readHdf5, walkHdf5 } from '../src/index.ts';
import { askPython } from './support/ask-python.ts';
import { countingSource } from './support/counting-source.ts';
import { nodeInflate } from './support/node-inflate.ts';
import { refusalOf } from './support/refusal-of.ts';

const python = pythonOracle() ?? '';
const program = `
import h5py, hdf5plugin, json, os, sys, numpy as np
folder = json.load(sys.stdin)
for libver in ['earliest', 'latest']:
    with h5py.File(os.path.join(folder, libver), 'w', libver=libver) as f:
        f.create_dataset('a/n', data=np.arange(12, dtype='>i2').reshape(3, 4), chunks=(2, 3), maxshape=(None, 4), compression='gzip', shuffle=True, fletcher32=True)
        f.create_dataset('p', data=np.arange(40, dtype='u1'), chunks=(8,))
        f['t'] = np.array(['x', 'yz'], dtype=h5py.string_dtype())
        f['r'] = np.zeros(2, np.dtype([('x', 'f4'), ('s', 'S2')]))
        f['a'].attrs['k'] = 3
        f['l'] = h5py.SoftLink('/t')
with h5py.File(os.path.join(folder, 'filters'), 'w') as f:
    n = np.arange(40, dtype='<i4').reshape(8, 5)
    f.create_dataset("lz4", data=n, chunks=(8, 5), **hdf5plugin.LZ4(nbytes=64))
    f.create_dataset('zstd', data=n, chunks=(8, 5), **hdf5plugin.Zstd())
    for name in ['none', 'lz4', 'zstd']: f.create_dataset('bits ' + name, data=n, chunks=(8, 5), **hdf5plugin.Bitshuffle(nelems=16, cname=name))
    f.create_dataset('lzf', data=n, chunks=(8, 5), compression='lzf')
    f.create_dataset('scaled', data=n, chunks=(8, 5), scaleoffset=True)
    f.create_dataset('scaled floats', data=n / 4, chunks=(8, 5), scaleoffset=2, compression='gzip')
    p = h5py.h5p.create(h5py.h5p.DATASET_CREATE); p.set_chunk((8, 5)); p.set_filter(h5py.h5z.FILTER_NBIT, h5py.h5z.FLAG_OPTIONAL, ())
    t = h5py.h5t.STD_I32LE.copy(); t.set_precision(20); t.set_offset(3)
    h5py.Dataset(h5py.h5d.create(f.id, b'few bits', t, h5py.h5s.create_simple((8, 5)), p))[...] = n
print('null')
`;
const isLong = process.env['HOLDFAST_TEST_LONG'] === 'true';
const mutationCount = isLong ? 20_000 : 300;
const timeoutMs = isLong ? 600_000 : 30_000;
const limitBytes = 1_000_000;
const endOfFileAt = 40;

/** Reads everything of a file; values or a refusal within the file, for a bounded price. */
async function readAll(bytes: Uint8Array): Promise<number> {
  const source = countingSource(bytes);
  const { root } = await readHdf5(source, { inflate: nodeInflate, limitBytes });
  for (const attribute of await root.attributes()) await attribute.read();
  let nameCount = 0;
  for await (const { object } of walkHdf5(root)) {
    nameCount += 1;
    for (const attribute of (await object?.attributes()) ?? []) await attribute.read();
    if (object?.kind === 'dataset') await object.read();
  }
  expect(source.bytesRead).toBeLessThan(40 * bytes.length + 200_000);
  return nameCount;
}

async function expectBounded(bytes: Uint8Array): Promise<void> {
  const outcome = await readAll(bytes).catch((error: unknown) => error);
  if (typeof outcome === 'number') return;
  if (!FormatError.isInstance(outcome)) throw outcome;
  expect(outcome.offset >= 0 && outcome.offset <= bytes.length ? '' : outcome.message).toBe('');
}

function withNumber(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  new DataView(copy.buffer).setBigUint64(at, BigInt(value), true);
  return copy;
}

/** Where nodes of a kind begin. */
function nodesOf(bytes: Uint8Array, type: number): number[] {
  const text = Buffer.from(bytes).toString('latin1');
  return [...text.matchAll(/TREE/g)].map(({ index }) => index).filter((at) => bytes[at + 4] === type);
}

describe.skipIf(python === '')('a damaged HDF5 file', () => {
  const samples = new Map<string, Uint8Array>();
  const sample = (name: string): Uint8Array => samples.get(name) ?? new Uint8Array(0);

  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), 'hdf5-damage-'));
    askPython(python, program, folder);
    for (const name of ['earliest', 'latest', 'filters'])
      samples.set(name, new Uint8Array(readFileSync(join(folder, name))));
    rmSync(folder, { recursive: true });
  });

  describe.each([
    ['of the earliest form', 'earliest', 6],
    ['of the latest form', 'latest', 6],
    ['with every filter', 'filters', 9],
  ])('%s', (_, name, names) => {
    it('gives its values when it is whole', async () => {
      expect(await readAll(sample(name))).toBe(names);
    });

    it('cut at any length is refused', async () => {
      const bytes = sample(name);
      const step = Math.ceil(bytes.length / 6000);
      for (let length = 0; length < bytes.length; length += step)
        expect(await refusalOf(() => readAll(bytes.subarray(0, length)))).toMatchObject({ format: 'hdf5' });
    });

    it('with any byte changed gives values or a refusal', async () => {
      const bytes = sample(name);
      const step = Math.ceil(bytes.length / 800);
      for (let index = 0; index < bytes.length; index += step)
        for (const mask of [0x01, 0x80, 0xff])
          await expectBounded(bytes.with(index, (bytes[index] ?? 0) ^ mask));
    });

    it(
      'with parts overwritten, taken out or doubled gives values or a refusal',
      async () => {
        const bytes = sample(name);
        const place = fc.nat(bytes.length);
        await fc.assert(
          fc.asyncProperty(place, place, fc.uint8Array({ maxLength: 12 }), async (from, to, patch) => {
            await expectBounded(
              Uint8Array.from([...bytes.subarray(0, from), ...patch, ...bytes.subarray(to)]),
            );
          }),
          { numRuns: mutationCount },
        );
      },
      timeoutMs,
    );
  });

  it('that claims to end where it is cut gives values or a refusal', async () => {
    const bytes = sample('earliest');
    for (let length = 100; length < bytes.length; length += 13)
      await expectBounded(withNumber(bytes.subarray(0, length), endOfFileAt, length));
  });

  it('whose tree of names leads to itself is refused', async () => {
    const bytes = sample('earliest').slice();
    for (const at of nodesOf(bytes, 0)) {
      bytes[at + 5] = 1;
      bytes.set(withNumber(bytes, at + 32, at).subarray(at + 32, at + 40), at + 32);
    }
    const { reason } = await refusalOf(() => readAll(bytes));
    expect(reason).toBe('a tree leads back to one of its own nodes');
  });

  it('whose chunk is not as long as it should be is refused', async () => {
    const bytes = sample('earliest');
    const [node = 0] = nodesOf(bytes, 1).filter((at) => bytes[at + 24] === 8);
    const { reason } = await refusalOf(() => readAll(bytes.with(node + 24, 7)));
    expect(reason).toBe('a chunk has 7 bytes where 8 are due');
  });

  it('whose chunk is past its end is refused', async () => {
    const bytes = sample('earliest');
    const [node = 0] = nodesOf(bytes, 1).filter((at) => bytes[at + 24] === 8);
    const far = withNumber(bytes, node + 24 + 24, bytes.length - 4);
    const { reason } = await refusalOf(() => readAll(far));
    expect(reason).toBe(`8 bytes at address ${bytes.length - 4} are past the end of the file`);
  });

  it('with a byte of a chunk changed does not match its check sum', async () => {
    const bytes = sample('earliest');
    const [node = 0] = nodesOf(bytes, 1).filter((at) => bytes[at + 24] !== 8);
    const chunk = Number(new DataView(bytes.buffer).getBigUint64(node + 24 + 32, true));
    const { reason } = await refusalOf(() => readAll(bytes.with(chunk + 3, (bytes[chunk + 3] ?? 0) ^ 1)));
    expect(reason).toBe('the check sum of a chunk does not match');
  });

  it('whose chunks are compressed needs inflate, and says where one is', async () => {
    const { root } = await readHdf5(sample('earliest'));
    const dataset = await root.open('a/n');
    const refusal = await refusalOf(async () => dataset?.kind === 'dataset' && (await dataset.read()));
    expect(refusal).toMatchObject({
      isUnsupported: true,
      reason: 'a chunk is compressed, and the option inflate, which opens it, was not passed',
      hint: expect.stringContaining("import { inflate } from '@holdfast/registry'") as string,
    });
  });

  it('whose tree is damaged is described as far as it can be read', async () => {
    const bytes = sample('earliest');
    const whole = await inspect(bytesSource(bytes));
    expect(whole.warnings ?? []).toEqual([]);
    expect(whole.variables?.map(({ name, type, shape }) => [name, type, shape])).toEqual([
      ['a', 'group', []],
      ['l', 'soft link to /t', []],
      ['p', 'uint8', [40]],
      ['r', '{ x: float32, s: string of 2 bytes }', [2]],
      ['t', 'string', [2]],
    ]);
    expect(whole.variables?.[0]?.children).toMatchObject([
      { name: '@k', type: 'int64', values: ['3'] },
      {
        name: 'n',
        type: 'int16 big-endian',
        shape: [3, 4],
        storage: {
          layout: 'chunked',
          chunk: [2, 3],
          maxShape: [null, 4],
          filters: ['shuffle', 'deflate 4', 'fletcher32'],
        },
      },
    ]);
    const [, inner = 0] = nodesOf(bytes, 0);
    const damaged = await inspect(bytesSource(bytes.with(inner, 0)));
    expect(damaged.warnings).toMatchObject([{ code: 'variables-not-listed' }]);
    expect(damaged.summary).toMatchObject({ superblockVersion: 0 });
  });

  it('needs no more of a chunked dataset than the chunks of a box', async () => {
    const source = countingSource(sample('earliest'));
    const { root } = await readHdf5(source);
    const dataset = await root.open('p');
    if (dataset?.kind !== 'dataset') throw new Error('not a dataset');
    await dataset.read({ start: [0], count: [0] });
    await dataset.read({ start: [1], count: [1] });
    const before = source.bytesRead;
    const value = await dataset.read({ start: [7], count: [2] });
    expect(value).toMatchObject({ data: Uint8Array.of(7, 8) });
    expect(source.bytesRead - before).toBe(16);
    await expect(dataset.read({ start: [39], count: [2] })).rejects.toThrow(
      'inside of a dataset of 40 entries',
    );
  });
});
