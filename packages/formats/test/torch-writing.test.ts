import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonOracle } from '@holdfast/tooling-services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ElementType,
  encodeTorch,
  lazyOf,
  makeElements,
  type NumericArray,
  readTorch,
  type TorchContentValue,
  torchPieces,
} from '../src/index.ts';
import { askPython } from './support/ask-python.ts';
import { gather } from './support/gather.ts';
import { neutral } from './support/neutral.ts';
import { torchProgram } from './support/torch-program.ts';

const python = pythonOracle() ?? '';
const types: readonly ElementType[] = [
  'bool',
  'int8',
  'uint8',
  'int16',
  'int32',
  'int64',
  'float16',
  'bfloat16',
  'float32',
  'float64',
  'complex64',
  'complex128',
  'uint16',
  'uint32',
  'uint64',
  'float8_e4m3fn',
  'float8_e5m2',
];

function numbers(
  dtype: ElementType,
  shape: readonly number[],
  order: NumericArray['order'] = 'row-major',
): NumericArray {
  const data = makeElements(
    dtype,
    shape.reduce((product, extent) => product * extent, 1),
  );
  new Uint8Array(data.buffer).forEach(
    (_, at, bytes) => (bytes[at] = dtype === 'bool' ? at % 2 : (at * 37) % 251),
  );
  return { kind: 'numeric', dtype, shape, order, data };
}

const shared = numbers('float32', [4]);
const tensors: { [path: string]: NumericArray } = {
  ...Object.fromEntries(types.map((dtype) => [`state_dict.fc.${dtype}`, numbers(dtype, [2, 3])])),
  'state_dict.columns': numbers('int32', [3, 2], 'column-major'),
  'state_dict.scalar': numbers('float64', []),
  'state_dict.empty': numbers('float32', [0, 4]),
  'state_dict.tied': shared,
  'state_dict.tie': { ...shared, shape: [2, 2] },
};
const checkpoint: Exclude<TorchContentValue, { read: unknown }> = {
  epoch: 12,
  loss: 0.25,
  step: 2n ** 40n,
  below: -70_000,
  name: 'größe',
  done: true,
  nothing: null,
  rates: [0.1, 0.01, -0],
  optimizer: new Map<string | number, TorchContentValue>([
    ['state', new Map([[0, 'first']])],
    ['lr', 1e-3],
  ]),
  state_dict: Object.fromEntries(
    Object.entries(tensors).map(([path, tensor]) => [path.slice('state_dict.'.length), tensor]),
  ),
};
const others = {
  epoch: 12,
  loss: 0.25,
  step: 2 ** 40,
  below: -70_000,
  name: 'größe',
  done: true,
  nothing: null,
  'rates.0': 0.1,
  'rates.1': 0.01,
  'rates.2': -0,
  'optimizer.state.0': 'first',
  'optimizer.lr': 1e-3,
};

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'holdfast-torch-'))));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a file of torch that was written here', () => {
  it('has the values that were given, and shares what was shared', async () => {
    const file = await readTorch(encodeTorch(checkpoint));
    expect(Object.fromEntries(file.others.map(({ name, value }) => [name, value]))).toEqual(others);
    const read = await Promise.all(
      file.tensors.map(async (tensor) => [tensor.name, neutral(await tensor.read())]),
    );
    expect(Object.fromEntries(read)).toEqual(
      Object.fromEntries(Object.entries(tensors).map(([path, tensor]) => [path, neutral(tensor)])),
    );
    const keys = new Map(file.tensors.map(({ name, storage }) => [name, storage.key]));
    expect(keys.get('state_dict.tie')).toBe(keys.get('state_dict.tied'));
    expect(new Set(keys.values()).size).toBe(file.tensors.length - 1);
    expect(file.globals).toContain('torch._utils._rebuild_tensor_v2');
  });

  it('is the same whether its tensors are in memory or yet to be read', async () => {
    const [dtype, array] = ['float32', numbers('float32', [5])] as const;
    expect(await gather(torchPieces({ w: lazyOf(dtype, array) }))).toEqual(encodeTorch({ w: array }));
  });

  it.skipIf(python === '')(
    'is read by Python with the functions that torch documents, its storages aligned to 64 bytes',
    async () => {
      const path = join(folder, 'ours.pt');
      const bytes = encodeTorch(checkpoint);
      writeFileSync(path, bytes);
      const program = `${torchProgram}
import pickletools
path = json.load(sys.stdin)
z = zipfile.ZipFile(path)
starts = []
for i in z.infolist():
    z.fp.seek(i.header_offset + 26); n, m = struct.unpack('<HH', z.fp.read(4)); starts.append((i.header_offset + 30 + n + m) % 64)
opcodes = sorted({o.name for o, a, p in pickletools.genops(z.read('archive/data.pkl'))})
print(json.dumps({'bad': z.testzip(), 'names': z.namelist()[:3], 'starts': sorted(set(starts)), 'opcodes': opcodes, **load(path)}))`;
      const answer = askPython(python, program, path) as {
        leaves: { [path: string]: { strides?: unknown; offset?: unknown; other?: unknown } };
      };
      expect(answer).not.toHaveProperty('refused');
      expect(answer).toMatchObject({
        bad: null,
        names: ['archive/data.pkl', 'archive/byteorder', 'archive/data/0'],
        starts: [0],
      });
      const allowed = [
        'BINFLOAT',
        'BININT',
        'BININT1',
        'BINPERSID',
        'BINUNICODE',
        'EMPTY_DICT',
        'EMPTY_LIST',
        'APPENDS',
        'GLOBAL',
        'LONG1',
        'MARK',
        'NEWFALSE',
        'NEWTRUE',
        'NONE',
        'PROTO',
        'REDUCE',
        'SETITEMS',
        'STOP',
        'TUPLE',
      ];
      expect(
        (answer as unknown as { opcodes: string[] }).opcodes.filter((name) => !allowed.includes(name)),
      ).toEqual([]);
      for (const [name, tensor] of Object.entries(tensors)) {
        const { kind: _, ...due } = neutral(tensor);
        expect(answer.leaves[name], name).toMatchObject(due);
      }
      for (const [name, other] of Object.entries(others)) expect(answer.leaves[name]).toEqual({ other });
    },
  );

  it.each<[string, TorchContentValue, string]>([
    ['a type', { w: numbers('float128', [1]) }, 'value.w "float128" is a type that torch does not have'],
    ['an object', { w: new Date() as never }, 'value.w "an object (Date)" is an object of a class'],
  ])('refuses %s that torch does not have', (_, value, message) => {
    expect(() => encodeTorch(value as never)).toThrow(message);
  });
});
