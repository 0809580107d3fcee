import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonOracle } from '@holdfast/tooling-services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ByteRangeSource,
  bytesSource,
  FormatError,
  inspect,
  isLazyArray,
  type LazyArray,
  type LazyValue,
  type MatFile,
  readMat,
  type Value,
} from '../src/index.ts';
import { askPython } from './support/ask-python.ts';
import { countingSource } from './support/counting-source.ts';
import { expectWithChangedParts, withChangedBytes } from './support/damaged.ts';
import { matlab73Program } from './support/matlab73-program.ts';
import { nodeInflate } from './support/node-inflate.ts';
import { refusalOf } from './support/refusal-of.ts';

const python = pythonOracle() ?? '';
const rows = 400;
const columns = 50;
const program = `${matlab73Program}
folder = json.load(sys.stdin)
def made(name, fill, **options):
    path = os.path.join(folder, name)
    with h5py.File(path, 'w', userblock_size=512, **options) as h: fill(h, Writer(h, False))
    header(path)
def one(a): return np.array([[a]])
def classes(h, w):
    w.mark(h.create_dataset('table', data=np.array([[0xdd000000, 2, 1, 1, 1, 1]], 'u4')), 'table', object_decode=np.int32(3))
    g = w.mark(h.create_group('handle'), 'function_handle', object_decode=np.int32(1))
    w.text(g, 'separator', np.array(['/'])); i = w.mark(g.create_group('function_handle'), 'struct'); w.text(i, 'function', np.array(['@(x)x+1']))
    w.text(h, 'old handle', np.array(['sin'])).attrs['MATLAB_class'] = np.bytes_('function_handle')
    w.text(h, 'lines', np.array(['ab', 'cd']))
    w.mark(w.array(h, 'narrow', np.array([[1, -2]], 'i1')), 'double')
    w.mark(w.array(h, 'complex integers', w.pairs(np.array([[1 + 2j]])).astype([('real', 'i2'), ('imag', 'i2')])), 'int16')
    w.mark(h.create_dataset('none', (1, 1), h5py.ref_dtype), 'cell')
    h['plain'] = np.arange(3.0); h['scalar'] = np.float32(2.5); h.create_group('#subsystem#')['x'] = 1
    r = w.mark(h.create_group('records'), 'struct')
    q = w.refs(); a = w.mark(q.create_dataset('one', data=np.ones((1, 1))), 'double')
    for n in ['zeta', 'alpha']: r.create_dataset(n, data=np.array([[a.ref], [a.ref]], dtype=h5py.ref_dtype), dtype=h5py.ref_dtype)
    w.fields(r, ['zeta', 'alpha'])
def ranges(h, w):
    a = np.arange(${rows * columns}, dtype='f8').reshape(${columns}, ${rows})
    w.mark(h.create_dataset('plain', data=a), 'double')
    w.mark(h.create_dataset('packed', data=a, chunks=(7, 30), compression='gzip'), 'double')
    w.mark(h.create_dataset('vector', data=a.reshape(1, -1), chunks=(1, 999), compression='gzip'), 'double')
    w.mark(h.create_dataset('complex', data=w.pairs(a + 1j), chunks=(7, 30)), 'double')
def cyclic(h, w):
    c = w.mark(h.create_dataset('loop', (1, 1), h5py.ref_dtype), 'cell'); c[0, 0] = c.ref
def laughing(h, w):
    last = w.mark(w.refs().create_dataset('x', data=np.ones((1, 1))), 'double')
    for i in range(40): last = w.mark(w.refs().create_dataset('l%d' % i, data=np.array([[last.ref] * 10], dtype=h5py.ref_dtype), dtype=h5py.ref_dtype), 'cell')
    w.mark(h.create_dataset('laughs', data=np.array([[last.ref]], dtype=h5py.ref_dtype), dtype=h5py.ref_dtype), 'cell')
def emptiness(h, w): w.empty(h, 'much', (2**40, 2**10), 'double')
def columns(h, w):
    g = w.sparse(h, 's', scipy.sparse.csc_matrix(np.eye(3))); g['ir'][1] = 3
def mixed(h, w):
    w.sparse(h, 's', scipy.sparse.csc_matrix(np.eye(3))); w.text(h, 't', np.array(['ab'])); h['n'] = 1
    f = np.zeros((1, 1), dtype=[('a', object), ('b', object)]); f[0, 0] = (one(1.0), np.array(['x'])); w.put(h, 'r', f, f)
    c = np.empty((1, 2), dtype=object); c[0, 0], c[0, 1] = one(1.0), np.zeros((0, 2)); w.put(h, 'c', c, c)
    w.array(h, 'z', np.arange(12.0).reshape(3, 4))
for name, fill in [('classes', classes), ('ranges', ranges), ('cyclic', cyclic), ('laughing', laughing), ('emptiness', emptiness), ('columns', columns)]: made(name, fill)
made('mixed', mixed); made('mixed latest', mixed, libver='latest')
print('null')
`;
const isLong = process.env['HOLDFAST_TEST_LONG'] === 'true';
const timeoutMs = isLong ? 600_000 : 30_000;
const limitBytes = 1_000_000;

function arrayOf({ variables }: MatFile, name: string): LazyArray {
  const found: LazyValue | undefined = variables.find((variable) => variable.name === name);
  if (found === undefined || !isLazyArray(found)) throw new Error(`no array ${name}`);
  return found;
}

async function readAll(source: ByteRangeSource): Promise<undefined> {
  const { variables } = await readMat(source, { inflate: nodeInflate, limitBytes });
  for (const variable of variables) await variable.read();
  return undefined;
}

describe.skipIf(python === '')('a MATLAB file of version 7.3', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'matlab73-files-'));
    askPython(python, program, folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const sample = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)));
  const open = (name: string): Promise<MatFile> =>
    readMat(sample(name), { inflate: nodeInflate, limitBytes });
  const read = async (name: string, variable: string): Promise<Value | undefined> =>
    (await open(name)).variables.find((one) => one.name === variable)?.read();

  it('names objects and functions, and runs nothing', async () => {
    expect(await read('classes', 'table')).toMatchObject({
      kind: 'opaque',
      className: 'table',
      type: 'MCOS',
      content: { kind: 'numeric', data: Uint32Array.of(0xdd000000, 2, 1, 1, 1, 1) },
    });
    expect(await read('classes', 'handle')).toMatchObject({
      kind: 'opaque',
      className: 'function_handle',
      type: 'function',
      content: { kind: 'struct', fields: [{ name: 'function_handle' }, { name: 'separator' }] },
    });
    expect(await read('classes', 'old handle')).toMatchObject({
      kind: 'opaque',
      content: { kind: 'text', data: ['sin'] },
    });
  });

  it('gives what programs beside MATLAB write in it', async () => {
    expect(await read('classes', 'narrow')).toMatchObject({ dtype: 'float64', data: Float64Array.of(1, -2) });
    expect(await read('classes', 'complex integers')).toMatchObject({
      dtype: 'complex128',
      data: Float64Array.of(1, 2),
    });
    expect(await read('classes', 'none')).toMatchObject({ kind: 'cell', data: [{ shape: [0, 0] }] });
    expect(await read('classes', 'plain')).toMatchObject({ shape: [3, 1], data: Float64Array.of(0, 1, 2) });
    expect(await read('classes', 'scalar')).toMatchObject({ dtype: 'float32', shape: [1, 1] });
    expect(await read('classes', 'lines')).toMatchObject({ kind: 'text', shape: [2], data: ['ab', 'cd'] });
  });

  it('keeps the order of fields, and lists variables by name without what they refer to', async () => {
    expect(await read('classes', 'records')).toMatchObject({
      shape: [1, 2],
      fields: [{ name: 'zeta' }, { name: 'alpha' }],
    });
    const { variables, version, byteOrder } = await open('mixed');
    expect([version, byteOrder]).toEqual(['7.3', 'little']);
    expect(variables.map(({ name, className, dims }) => [name, className, dims])).toEqual([
      ['c', 'cell', [1, 2]],
      ['n', 'int64', [1, 1]],
      ['r', 'struct', [1, 1]],
      ['s', 'sparse', [3, 3]],
      ['t', 'char', [1, 2]],
      ['z', 'double', [4, 3]],
    ]);
  });

  it('is described like one of version 5, without reading numbers', async () => {
    const { format, summary, variables, warnings = [] } = await inspect(bytesSource(sample('mixed')));
    expect({ format, warnings }).toEqual({ format: 'matlab', warnings: [] });
    expect(summary).toMatchObject({ version: '7.3', variables: ['c', 'n', 'r', 's', 't', 'z'] });
    expect(variables).toEqual([
      {
        name: 'c',
        type: 'cell',
        shape: [1, 2],
        children: [
          { name: '{1}', type: 'double', shape: [1, 1], sizeBytes: 8 },
          { name: '{2}', type: 'double', shape: [0, 2], sizeBytes: 0 },
        ],
      },
      { name: 'n', type: 'int64', shape: [1, 1], sizeBytes: 8 },
      {
        name: 'r',
        type: 'struct',
        shape: [1, 1],
        children: [
          { name: 'a', type: 'double', shape: [1, 1], sizeBytes: 8 },
          { name: 'b', type: 'char', shape: [1, 1] },
        ],
      },
      { name: 's', type: 'sparse', shape: [3, 3] },
      { name: 't', type: 'char', shape: [1, 2] },
      { name: 'z', type: 'double', shape: [4, 3], sizeBytes: 96 },
    ]);
  });

  it.each(['plain', 'packed', 'vector', 'complex'])(
    'gives parts and pieces of %s as of the whole',
    async (name) => {
      const variable = arrayOf(await open('ranges'), name);
      const whole = await variable.read();
      const lanes = name === 'complex' ? 2 : 1;
      expect(whole.data).toHaveLength(rows * columns * lanes);
      expect([0, 5, rows * columns - 1].map((index) => whole.data[index * lanes])).toEqual([
        0,
        5,
        rows * columns - 1,
      ]);
      const most = variable.shape.at(-1) ?? 0;
      for (const [start, count] of [
        [0, 1],
        [most - 1, 1],
        [0, most],
      ] as const) {
        const entry = whole.data.length / most;
        const part = await variable.read({ part: { start, count } });
        expect(part.data).toEqual(whole.data.slice(start * entry, (start + count) * entry));
      }
      for (const pieceBytes of [8, 1000, 30_000]) {
        const pieces: Uint8Array[] = [];
        for await (const piece of variable.pieces({ pieceBytes })) pieces.push(piece.slice());
        expect(
          Buffer.concat(pieces).equals(
            Buffer.from(whole.data.buffer, whole.data.byteOffset, whole.data.byteLength),
          ),
        ).toBe(true);
        if (pieceBytes === 8) break;
      }
    },
  );

  it('is read by range: a column costs its chunks, and pieces undo each chunk once', async () => {
    let inflatedBytes = 0;
    const source = countingSource(sample('ranges'));
    const file = await readMat(source, {
      inflate: async (bytes, request) => {
        const piece = await nodeInflate(bytes, request);
        inflatedBytes += piece.length;
        return piece;
      },
    });
    const array = arrayOf(file, 'packed');
    await array.read({ part: { start: 8, count: 1 } });
    expect(inflatedBytes).toBe(Math.ceil(rows / 30) * 7 * 30 * 8);
    inflatedBytes = 0;
    for await (const _ of array.pieces({ pieceBytes: 800 }));
    expect(inflatedBytes).toBe(Math.ceil(rows / 30) * Math.ceil(columns / 7) * 7 * 30 * 8);
  });

  it.each([
    ['a cell that contains itself', 'cyclic', 'loop', 'a value contains itself'],
    ['cells that multiply', 'laughing', 'laughs', 'more than 16777216 values are inside of one'],
    [
      'a sparse matrix whose rows are too many',
      'columns',
      's',
      'in /s, a row of a sparse matrix is outside of its 3',
    ],
  ])('with %s is refused', async (_, file, ...[variable, reason]) => {
    expect((await refusalOf(async () => read(file, variable))).reason).toBe(reason);
  });

  it('with an empty array that is not empty is refused', async () => {
    const { reason } = await refusalOf(() => open('emptiness'));
    expect(reason).toBe('/much is marked as empty and has no empty dimensions');
  });

  it('that names itself many times is described within bounds', async () => {
    for (const name of ['cyclic', 'laughing'])
      expect(JSON.stringify(await inspect(bytesSource(sample(name)))).length).toBeLessThan(2_000_000);
  });

  describe.each(['mixed', 'mixed latest'])('in the form %s', (name) => {
    const expectBounded = async (bytes: Uint8Array): Promise<void> => {
      const source = countingSource(bytes);
      const outcome = await readAll(source).catch((error: unknown) => error);
      if (outcome !== undefined && !FormatError.isInstance(outcome)) throw outcome;
      if (outcome !== undefined)
        expect(outcome.offset >= 0 && outcome.offset <= bytes.length ? '' : outcome.message).toBe('');
      expect(source.bytesRead).toBeLessThan(60 * bytes.length + 400_000);
    };

    it(
      'with any byte changed gives values or a refusal',
      async () => {
        const mostPlaces = isLong ? Number.POSITIVE_INFINITY : 200;
        for (const bytes of withChangedBytes(sample(name), mostPlaces)) await expectBounded(bytes);
      },
      timeoutMs,
    );

    it(
      'with parts overwritten, taken out or doubled gives values or a refusal',
      async () => {
        await expectWithChangedParts(sample(name), expectBounded, { numRuns: isLong ? 10_000 : 100 });
      },
      timeoutMs,
    );
  });
});
