import { expect, it } from 'vitest';
import { encodeTorch } from '../pytorch/encode-torch.ts';
import { openValues } from './open-values.ts';
import { plainValue } from './plain-value.ts';
import { reasonAgainst } from './reason-against.ts';

it.each([
  ['a small integer', 3, { dtype: 'int64', data: BigInt64Array.of(3n) }],
  ['a large integer', 2n ** 60n, { dtype: 'int64', data: BigInt64Array.of(2n ** 60n) }],
  ['a float', 0.5, { dtype: 'float64', data: Float64Array.of(0.5) }],
  ['a float without a fraction', 2 ** 60, { dtype: 'float64', data: Float64Array.of(2 ** 60) }],
  ['a boolean', true, { dtype: 'bool', data: Uint8Array.of(1) }],
  ['a text', 'x', { kind: 'text', data: ['x'] }],
])('%s of Python keeps its type', async (_, plain, expected) => {
  const { values } = await openValues(encodeTorch({ plain }));
  expect(await values[0]?.read()).toMatchObject({ shape: [], ...expected });
});

it.each([
  ['None', null, 'is None'],
  ['an integer of 65 bits', 2n ** 64n, 'is an integer of more than 64 bits'],
  ['bytes', Uint8Array.of(1), 'is a bytes object'],
  [
    'an object',
    { kind: 'opaque', className: 'a.B', type: 'object', given: [] } as const,
    'is an object of Python (a.B)',
  ],
])('%s is named as what it is', (_, stranger, reason) => {
  expect(reasonAgainst('numpy_archive', plainValue('v', stranger))).toContain(reason);
});
