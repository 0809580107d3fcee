import { InvalidValueError } from '@holdfast/domain';
import { describe, expect, it } from 'vitest';
import { concatenateBytes } from '../source/concatenate-bytes.ts';
import { lazyOf } from '../value/lazy-of.ts';
import type { LazyValue } from '../value/lazy-value.ts';
import type { NumericArray, Value } from '../value/value.ts';
import { openValues, type ValueFormat } from './open-values.ts';
import { reasonAgainst } from './reason-against.ts';
import { writeValues, type WriteValuesOptions } from './write-values.ts';

const numbers: NumericArray = {
  kind: 'numeric',
  dtype: 'float64',
  shape: [2],
  order: 'row-major',
  data: Float64Array.of(1, 2),
};
const row = { shape: [1, 1], order: 'column-major' } as const;
const opaque: Value = { kind: 'opaque', className: 'function_handle', type: 'function' };
const refusals: readonly (readonly [ValueFormat, string, Value, string, string])[] = [
  [
    'matlab',
    'bytes without a meaning',
    { kind: 'bytes', shape: [1], order: 'row-major', itemBytes: 2, data: Uint8Array.of(1, 2), isText: false },
    'v',
    'is made of bytes without a meaning',
  ],
  [
    'matlab',
    'a cell with a function',
    { kind: 'cell', ...row, data: [opaque] },
    'v{1}',
    'is a kind of value',
  ],
  [
    'matlab',
    'a struct with a table',
    {
      kind: 'struct',
      ...row,
      fields: [{ name: 'f', values: [{ kind: 'table', shape: [0], order: 'row-major', columns: [] }] }],
    },
    'v.f',
    'is a kind of value',
  ],
  [
    'matlab',
    'a struct with a field that MATLAB cannot name',
    { kind: 'struct', ...row, fields: [{ name: 'a b', values: [numbers] }] },
    'v.a b',
    'is not a valid name of a field',
  ],
  [
    'matlab',
    '33 dimensions',
    { ...numbers, shape: [...Array<number>(32).fill(1), 2] },
    'v',
    'more than 32 dim',
  ],
  [
    'matlab',
    'an extent beyond 32 bits',
    { ...numbers, shape: [0, 2 ** 32], data: new Float64Array(0) },
    'v',
    'one of more than 2147483647',
  ],
  [
    'numpy_archive',
    'an unknown type',
    { ...numbers, dtype: 'bfloat16', data: new Uint16Array(2) },
    'v',
    'bfloat16',
  ],
];

async function write(
  format: ValueFormat,
  values: readonly LazyValue[],
  options: WriteValuesOptions = {},
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of writeValues(format, values, options)) pieces.push(Uint8Array.from(piece));
  return concatenateBytes(pieces);
}

describe.each(refusals)('for %s, %s', (...[format, , value, field, reason]) => {
  const values = [lazyOf('a', numbers), lazyOf('v', value), lazyOf('z', numbers)];

  it('is refused by name', async () => {
    const error = await write(format, values).catch((refusal: unknown) => refusal);
    expect(InvalidValueError.isInstance(error) && error).toMatchObject({
      field,
      reason: expect.stringContaining(reason) as string,
    });
  });

  it('is left out on request, and the others are written', async () => {
    const leftOut: (readonly [string, string])[] = [];
    const bytes = await write(format, values, {
      leaveOut: (name, refusal) => leftOut.push([name, refusal.field]),
    });
    expect(leftOut).toEqual([['v', field]]);
    const read = await openValues(bytes);
    expect(read.values.map(({ name }) => name)).toEqual(['a', 'z']);
    for (const kept of read.values) expect(await kept.read()).toMatchObject({ data: numbers.data });
  });
});

it.each(['numpy_archive', 'safetensors', 'matlab', 'pytorch_state_dict'] as const)(
  '%s takes no name twice',
  async (format) => {
    const twice = write(format, [
      lazyOf('a', numbers),
      lazyOf('a', { ...numbers, data: Float64Array.of(3, 4) }),
    ]);
    await expect(twice).rejects.toMatchObject({ field: 'name', value: 'a', reason: 'is given twice' });
  },
);

it('finds before anything is read what is too large for MATLAB, and a name that safetensors keeps', () => {
  const large = { ...lazyOf('x', numbers), sizeBytes: 2 ** 32 };
  expect(reasonAgainst('matlab', large)).toContain('4 GiB');
  expect(reasonAgainst('matlab', { ...large, sizeBytes: 2 ** 32 - 8 })).toBeUndefined();
  expect(reasonAgainst('matlab', lazyOf('f', opaque))).toContain('is an object of a program');
  expect(reasonAgainst('safetensors', lazyOf('__metadata__', numbers))).toContain('the metadata');
});
