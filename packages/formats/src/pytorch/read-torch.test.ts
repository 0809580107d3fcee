import { describe, expect, it } from 'vitest';
import { countingSource } from '../../test/support/counting-source.ts';
import { refusalOf } from '../../test/support/refusal-of.ts';
import {
  bytesSource,
  encodeTorch,
  inspect,
  type NumericArray,
  readTorch,
  type TorchObject,
} from '../index.ts';
import { PickleWriter } from '../pickle/pickle-writer.ts';
import { ZipWriter } from '../zip/zip-writer.ts';

const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const array: NumericArray = {
  kind: 'numeric',
  dtype: 'float32',
  shape: [2, 3],
  order: 'row-major',
  data: Float32Array.of(1, 2, 3, 4, 5, 6),
};

/** A file around a pickle, with one storage of six floats. */
function torchFile(pickle: Uint8Array, data = new Uint8Array(array.data.buffer), root = 'm'): Uint8Array {
  const zip = new ZipWriter();
  const members = [
    ['data.pkl', pickle],
    ['data/0', data],
    ['version', latin1('3\n')],
  ] as const;
  const pieces = members.flatMap(([name, content]) =>
    zip.add({ path: `${root}/${name}`, pieces: [content] }),
  );
  return Uint8Array.from(Buffer.concat([...pieces, zip.finish()]));
}

interface ViewFacts {
  readonly size?: readonly number[];
  readonly stride?: readonly number[];
  readonly offset?: number;
  readonly count?: number;
}

/** A pickle of one tensor that is a view of the storage. */
function view(
  { size = [2, 3], stride = [3, 1], offset = 0, count = 6 }: ViewFacts,
  make = '_rebuild_tensor_v2',
): PickleWriter {
  const pickle = new PickleWriter().global('torch._utils', make);
  pickle.tuple(() => {
    pickle.tuple(() =>
      pickle.text('storage').global('torch', 'FloatStorage').text('0').text('cuda:1').number(count),
    );
    pickle.persistent().number(offset);
    for (const numbers of [size, stride])
      pickle.tuple(() => numbers.forEach((number) => pickle.number(number)));
    pickle
      .boolean(true)
      .global('collections', 'OrderedDict')
      .tuple(() => {})
      .call();
  });
  return pickle.call();
}

describe('a file of torch', () => {
  it('lists its tensors for a few kilobytes, and reads one alone', async () => {
    const large = { ...array, shape: [500, 500], data: new Float32Array(250_000) };
    const source = countingSource(
      encodeTorch({ a: large, b: { ...large, data: new Float32Array(250_000) }, c: array }),
    );
    const { tensors } = await readTorch(source);
    expect(tensors.map(({ name, dtype, shape }) => [name, dtype, shape])).toEqual([
      ['a', 'float32', [500, 500]],
      ['b', 'float32', [500, 500]],
      ['c', 'float32', [2, 3]],
    ]);
    expect(source.bytesRead).toBeLessThan(100_000);
    expect(await tensors[2]?.read()).toEqual(array);
    expect(await tensors[2]?.read({ part: { start: 1, count: 1 } })).toMatchObject({
      shape: [1, 3],
      data: Float32Array.of(4, 5, 6),
    });
    expect(source.bytesRead).toBeLessThan(100_000);
  });

  it.each<[string, ViewFacts, readonly number[], readonly number[]]>([
    ['turned', { size: [3, 2], stride: [1, 3] }, [3, 2], [1, 4, 2, 5, 3, 6]],
    ['of every second column', { size: [2, 2], stride: [3, 2] }, [2, 2], [1, 3, 4, 6]],
    ['that begins later', { size: [2], stride: [1], offset: 4 }, [2], [5, 6]],
    ['that repeats a row', { size: [2, 3], stride: [0, 1], offset: 3 }, [2, 3], [4, 5, 6, 4, 5, 6]],
    ['that is empty', { size: [0, 3], stride: [3, 1], offset: 6 }, [0, 3], []],
  ])('has a view %s', async (...[, facts, shape, values]) => {
    const { tensors } = await readTorch(torchFile(view(facts).finish()));
    expect(await tensors[0]?.read()).toMatchObject({ shape, data: Float32Array.from(values) });
    expect(tensors[0]).toMatchObject({
      strides: facts.stride,
      requiresGrad: true,
      storage: { key: '0', device: 'cuda:1' },
    });
  });

  it.each<[string, ViewFacts, string]>([
    ['reaches past its storage', { size: [3, 3] }, 'a tensor needs 36 bytes of storage 0, which has 24'],
    ['begins behind it', { size: [1], stride: [1], offset: 6 }, 'a tensor needs 28 bytes'],
    ['has a storage of another size', { count: 7 }, 'storage 0 needs 28 bytes and has 24'],
    [
      'has sizes that overflow',
      { size: [2 ** 40, 2 ** 40], stride: [0, 0] },
      'a tensor states no valid offset, size and strides',
    ],
    ['lacks a stride', { size: [2, 3], stride: [1] }, 'a tensor states no valid offset, size and strides'],
  ])('whose tensor %s is refused', async (_, facts, reason) => {
    expect((await refusalOf(() => readTorch(torchFile(view(facts).finish())))).reason).toContain(reason);
  });

  it('whose view repeats a storage to terabytes is listed, and refused when it is read', async () => {
    const { tensors } = await readTorch(torchFile(view({ size: [2 ** 40], stride: [0] }).finish()));
    const { reason } = await refusalOf(async () => tensors[0]?.read());
    expect(reason).toContain('a tensor repeats its elements to 4398046511104 bytes; 4294967296 are allowed');
  });
});

describe('a pickle in a file of torch', () => {
  const evil = torchFile(latin1('\x80\x02cposix\nsystem\nX\x02\x00\x00\x00ls\x85R.'));

  it('that imports what is not rebuilt is refused by name, and nothing is run', async () => {
    const error = await refusalOf(() => readTorch(evil));
    expect(error.reason).toBe('the pickle imports posix.system, which is not in the list of what is rebuilt');
    expect(error.hint).toContain('Nothing was run');
  });

  it('keeps what is not rebuilt as an opaque value when asked to', async () => {
    const { value, globals } = await readTorch(evil, { unknownGlobals: 'keep' });
    expect(value).toMatchObject({
      kind: 'opaque',
      className: 'posix.system',
      given: ['ls'],
    } satisfies Partial<TorchObject>);
    expect(globals).toEqual(['posix.system']);
    expect(await inspect(bytesSource(evil))).toMatchObject({
      summary: { globals: ['posix.system'] },
      scan: { verdict: 'unscanned' },
    });
  });

  it.each([
    ['quantised tensors', '_rebuild_qtensor', 'quantised tensors are not read'],
    ['sparse tensors', '_rebuild_sparse_tensor', 'sparse tensors are not read'],
  ])('of %s is refused by name', async (_, make, reason) => {
    expect((await refusalOf(() => readTorch(torchFile(view({}, make).finish())))).reason).toBe(reason);
  });

  it.each<[string, string, unknown]>([
    [
      'a namespace',
      'cargparse\nNamespace\n)R}X\x02\x00\x00\x00lrG?\x50\x62\x4d\xd2\xf1\xa9\xfcsb',
      new Map([['lr', 0.001]]),
    ],
    ['a set', 'cbuiltins\nset\n](K\x01K\x02e\x85R', new Set([1, 2])],
    [
      'a number of NumPy',
      'cnumpy.core.multiarray\nscalar\ncnumpy\ndtype\nX\x02\x00\x00\x00f4K\x00K\x01\x87R(K\x03X\x01\x00\x00\x00<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tbc_codecs\nencode\nX\x05\x00\x00\x00\x00\x00\xc2\x80?X\x06\x00\x00\x00latin1\x86R\x86R',
      1,
    ],
    ['a device', 'ctorch\ndevice\nX\x04\x00\x00\x00cudaK\x01\x86R', 'cuda:1'],
    ['a size', 'ctorch\nSize\n(K\x02K\x03t\x85R', [2, 3]],
  ])('may hold %s', async (_, opcodes, due) => {
    expect((await readTorch(torchFile(latin1(`\x80\x02${opcodes}.`)))).value).toEqual(due);
  });

  it('may hold an array of NumPy, in both byte orders', async () => {
    const content = (order: string, bytes: string): string =>
      `\x80\x03cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85C\x01b\x87R(K\x01K\x02\x85cnumpy\ndtype\nX\x02\x00\x00\x00i2K\x00K\x01\x87R(K\x03X\x01\x00\x00\x00${order}NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89C\x04${bytes}tb.`;
    for (const [order, bytes] of [
      ['<', '\x01\x00\x02\x00'],
      ['>', '\x00\x01\x00\x02'],
    ] as const)
      expect((await readTorch(torchFile(latin1(content(order, bytes))))).value).toMatchObject({
        kind: 'numeric',
        dtype: 'int16',
        shape: [2],
        data: Int16Array.of(1, 2),
      });
  });

  it('that holds itself ends', async () => {
    const { value, tensors } = await readTorch(torchFile(latin1('\x80\x02]q\x00h\x00a.')));
    expect(Array.isArray(value) && value[0] === value).toBe(true);
    expect(tensors).toEqual([]);
  });

  it('that doubles a list forty times is refused', async () => {
    const pickle = `\x80\x02](${'K\x01'.repeat(2)}e${'q\x000](h\x00h\x00e'.repeat(40)}.`;
    expect((await refusalOf(() => readTorch(torchFile(latin1(pickle))))).reason).toContain(
      'the file refers to its own values more than',
    );
  });

  it('longer than allowed is refused', async () => {
    const { reason } = await refusalOf(() =>
      readTorch(torchFile(latin1(`\x80\x02${'N0'.repeat(100)}N.`)), { mostOpcodes: 50 }),
    );
    expect(reason).toBe('the pickle has more than 50 opcodes');
  });
});

describe('a tar archive of torch before 0.1.10', () => {
  const int64 = (...numbers: number[]): Uint8Array =>
    new Uint8Array(BigInt64Array.from(numbers, BigInt).buffer);
  const given = (...parts: (string | ((pickle: PickleWriter) => void))[]): Uint8Array => {
    const pickle = new PickleWriter();
    pickle.tuple(() =>
      parts.forEach((part) => (typeof part === 'string' ? pickle.text(part) : part(pickle))),
    );
    return pickle.finish();
  };
  const count = (number: number): Uint8Array => new PickleWriter().number(number).finish();
  const floats = (pickle: PickleWriter): void => void pickle.global('torch', 'FloatStorage');
  const members: readonly (readonly [string, Uint8Array])[] = [
    ['sys_info', new PickleWriter().null().finish()],
    ['pickle', latin1('\x80\x02}X\x01\x00\x00\x00wX\x01\x00\x00\x009Qs.')],
    [
      'tensors',
      Buffer.concat([
        count(1),
        given('9', '8', (pickle) => pickle.global('torch', 'FloatTensor').boolean(true)),
        int64(2, 3, 2, 1, 3, 0),
      ]),
    ],
    [
      'storages',
      Buffer.concat([
        count(1),
        given('8', 'cpu', floats),
        int64(6),
        new Uint8Array(array.data.buffer),
        new PickleWriter().list([], () => {}).finish(),
      ]),
    ],
  ];
  const tar = Uint8Array.from(
    Buffer.concat(
      members.flatMap(([name, content]) => {
        const head = Buffer.alloc(512);
        head.write(name);
        head.write(content.length.toString(8).padStart(11, '0'), 124);
        head.write('ustar', 257);
        return [head, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
      }),
    ),
  );

  it('has its tensors read', async () => {
    const { tensors, container } = await readTorch(tar);
    expect([container, tensors[0]?.name, tensors[0]?.strides]).toEqual(['tar', 'w', [1, 3]]);
    expect(await tensors[0]?.read()).toMatchObject({
      shape: [3, 2],
      data: Float32Array.of(1, 4, 2, 5, 3, 6),
    });
  });
});
