import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../test/support/refusal-of.ts';
import { bytesSource, detectFormat, inspect } from '../index.ts';

/** A tree of three arrays, an empty map and a nothing, packed the way Flax packs it. */
const flax = Uint8Array.from(
  Buffer.from(
    'gqZwYXJhbXOCp0RlbnNlXzCCpmtlcm5lbMcmAZOSAgOnZmxvYXQzMsQYAACAPwAAgD8AAIA/AACAPwAAgD8AAIA/pGJpYXPHGQGTkQOnZmxvYXQzMsQMAAAAAAAAAAAAAAAApHN0ZXDHDgGTkKVpbnQzMsQELAEAAKNvcHSCoTCAoTHA',
    'base64',
  ),
);

describe('parameters of Flax', () => {
  it('are told by their arrays and described', async () => {
    const result = await inspect(bytesSource(flax));
    expect(result).toMatchObject({
      format: 'jax_params',
      summary: { form: 'flax_msgpack', tensorCount: 3, parameterCount: 10 },
    });
    expect(result.tensors).toMatchObject([
      { name: 'params/Dense_0/kernel', dtype: 'float32', shape: [2, 3] },
      { name: 'params/Dense_0/bias', dtype: 'float32', shape: [3] },
      { name: 'params/step', dtype: 'int32', shape: [] },
    ]);
    const range = result.tensors?.[2]?.byteRange;
    expect([...flax.subarray(range?.start, range?.end)]).toEqual([44, 1, 0, 0]);
  });

  it('cut after the first array are refused', async () => {
    for (let length = 70; length < flax.length; length += 1) {
      expect(await refusalOf(() => detectFormat(bytesSource(flax.subarray(0, length))))).toMatchObject({
        format: 'jax_params',
        offset: length,
      });
    }
  });

  it.each<[string, Uint8Array]>([
    ['something after the document', Uint8Array.from([...flax, 0])],
    ['no array', Uint8Array.from([0x81, 0xa1, 0x61, 1])],
    ['another extension', flax.with(flax.indexOf(0xc7) + 2, 9)],
    ['data that is not the shape', flax.with(flax.indexOf(0xc7) + 5, 5)],
    ['a key that is no text', Uint8Array.from([0x81, 1, ...flax])],
  ])('are none with %s', async (_, bytes) => {
    expect(await detectFormat(bytesSource(bytes))).toMatchObject({ format: 'binary' });
  });
});
