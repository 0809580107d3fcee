import { pythonOracle } from '@holdfast/tooling-services';
import { describe, expect, it } from 'vitest';
import {
  elementAt,
  type ElementType,
  lazyOf,
  makeElements,
  type NumericArray,
  readSafetensors,
  safetensorsPieces,
} from '../src/index.ts';
import { askPython } from './support/ask-python.ts';
import { FormatTally } from './support/format-tally.ts';
import { gather } from './support/gather.ts';
import { neutral, neutralProgram, type Neutral } from './support/neutral.ts';

const python = pythonOracle() ?? '';
const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));

/** Reads tensors of every type, those of ml_dtypes as the numbers that their bits stand for. */
const program = `${neutralProgram}
import ml_dtypes
from safetensors import TensorSpec, deserialize, serialize
types = {'BOOL': np.bool_, 'U8': np.uint8, 'I8': np.int8, 'I16': np.int16, 'U16': np.uint16, 'I32': np.int32, 'U32': np.uint32, 'I64': np.int64,
  'U64': np.uint64, 'F16': np.float16, 'F32': np.float32, 'F64': np.float64, 'C64': np.complex64, 'BF16': ml_dtypes.bfloat16,
  'F8_E4M3': ml_dtypes.float8_e4m3fn, 'F8_E5M2': ml_dtypes.float8_e5m2, 'F8_E8M0': ml_dtypes.float8_e8m0fnu,
  'F8_E4M3FNUZ': ml_dtypes.float8_e4m3fnuz, 'F8_E5M2FNUZ': ml_dtypes.float8_e5m2fnuz}
def number(x):
    x = float(x)
    return repr(x) if x != x or x in (float('inf'), float('-inf')) else x.hex()
def answer(text):
    out = {}
    for name, t in deserialize(base64.b64decode(text)):
        a = np.frombuffer(t['data'], types[t['dtype']]).reshape(t['shape'])
        small = a.dtype.itemsize <= 2 and a.dtype.kind not in 'biu'
        out[name] = {'dtype': t['dtype'], 'numbers': [number(x) for x in a.flatten()] if small else None, 'value': neutral(a.view(np.uint8) if small and a.shape else a)}
    return out
`;

const types: readonly ElementType[] = [
  'bool',
  'uint8',
  'int8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float32',
  'float64',
  'complex64',
];
describe.skipIf(python === '')('the values of safetensors', () => {
  it('that are written here are read by the Python package, and back', async () => {
    const arrays = types.flatMap((dtype, index) =>
      [[], [0], [3, 2], [2, 0, 3]].map((shape): NumericArray => {
        const data = makeElements(
          dtype,
          shape.reduce((product, extent) => product * extent, 1),
        );
        new Uint8Array(data.buffer).forEach(
          (_, at, bytes) => (bytes[at] = dtype === 'bool' ? at % 2 : at * 31 + index),
        );
        return { kind: 'numeric', dtype, shape, order: index % 2 === 0 ? 'row-major' : 'column-major', data };
      }),
    );
    const named = arrays.map((array, index) => lazyOf(`é ${index}`, array));
    const file = await gather(safetensorsPieces({ tensors: named, metadata: { format: 'pt' } }));
    const [theirs] = askPython(
      python,
      `${program}\nprint(json.dumps([answer(t) for t in json.load(sys.stdin)]))`,
      [Buffer.from(file).toString('base64')],
    ) as [{ [name: string]: { value: Neutral } }];
    const due = Object.fromEntries(arrays.map((array, index) => [`é ${index}`, neutral(array)]));
    expect(Object.fromEntries(Object.entries(theirs).map(([name, { value }]) => [name, value]))).toEqual(due);
    const ours = await readSafetensors(file);
    expect(ours.metadata).toEqual({ format: 'pt' });
    const read = await Promise.all(
      ours.tensors.map(async (tensor) => [tensor.name, neutral(await tensor.read())]),
    );
    expect(Object.fromEntries(read)).toEqual(due);
  });

  it('of the Python package are read, the small floats to the number that every pattern of bits means', async () => {
    const written = `${program}
random = np.random.default_rng(3)
files = []
for name, t in types.items():
    d = np.dtype(t)
    if d.itemsize <= 2: shapes = {'all': (256 ** d.itemsize,)}
    else: shapes = {'a': (), 'b': (0, 4), 'c': (3, 5)}
    def data(s):
        if name == 'BOOL': return random.integers(0, 2, s, np.uint8).tobytes()
        return np.arange(s[0], dtype='<u%d' % d.itemsize).tobytes() if d.itemsize <= 2 else random.bytes(int(np.prod(s)) * d.itemsize)
    kept = {k: np.frombuffer(data(s), np.uint8) for k, s in shapes.items()}
    specs = {k: TensorSpec(dtype=d.name, shape=s, data_ptr=kept[k].ctypes.data, data_len=kept[k].nbytes) for k, s in shapes.items()}
    files.append(bytes(serialize(specs, {'by': name})))
print(json.dumps([{'file': b64(f), 'value': answer(b64(f))} for f in files]))`;
    const answers = askPython(python, written, null) as {
      file: string;
      value: { [name: string]: { dtype: string; numbers: string[] | null; value: Neutral } };
    }[];
    const tally = new FormatTally('safetensors', 'written by its package');
    for (const { file, value } of answers) {
      const { tensors } = await readSafetensors(bytesOf(file));
      expect(tensors.map(({ name }) => name).toSorted()).toEqual(Object.keys(value).toSorted());
      for (const tensor of tensors) {
        const array = await tensor.read();
        const { dtype, numbers, value: bytes } = value[tensor.name] ?? { numbers: null };
        expect(tensor.typeText).toBe(dtype);
        const { length } = array.data;
        if (numbers === null) expect(neutral(array)).toEqual(bytes);
        else
          expect(Array.from({ length }, (_, index) => elementAt(array, index))).toEqual(numbers.map(parsed));
      }
      tally.equal();
    }
    tally.expectOnPage();
  });
});

/** The number of a hexadecimal text of Python. */
function parsed(text: string): number {
  const [, sign, whole, fraction = '', exponent] = /^(-?)0x([01])\.?([0-9a-f]*)p([+-]\d+)$/.exec(text) ?? [];
  if (whole === undefined) return Number(text.replace('inf', 'Infinity'));
  const digits = Number.parseInt(`${whole}${fraction}`, 16) / 16 ** fraction.length;
  return (sign === '-' ? -1 : 1) * digits * 2 ** Number(exponent);
}
