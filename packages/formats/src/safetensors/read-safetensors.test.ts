import { expect, it } from 'vitest';
import { countingSource } from '../../test/support/counting-source.ts';
import { gather } from '../../test/support/gather.ts';
import { refusalOf } from '../../test/support/refusal-of.ts';
import { encodeSafetensors, lazyOf, readSafetensors, safetensorsPieces } from '../index.ts';

it('lists the tensors of 10 GB for kilobytes, and reads a part of one alone', async () => {
  const header = (end: number): string =>
    JSON.stringify({ big: { dtype: 'F32', shape: [end / 4096, 1024], data_offsets: [0, end] } });
  const sizeBytes = 10 * 2 ** 30;
  const json = Buffer.from(header(sizeBytes));
  const start = new Uint8Array(8 + json.length);
  new DataView(start.buffer).setBigUint64(0, BigInt(json.length), true);
  start.set(json, 8);
  const middle = start.length + 4096 * 1_000_000;
  const parts = new Map([
    [0, start],
    [middle, Uint8Array.from({ length: 4096 }, () => 0x40)],
  ]);
  const source = countingSource({ sizeBytes: start.length + sizeBytes, parts });
  const { tensors } = await readSafetensors(source);
  expect(tensors.map(({ name, dtype, shape }) => [name, dtype, shape])).toEqual([
    ['big', 'float32', [2_621_440, 1024]],
  ]);
  expect(source.bytesRead).toBeLessThan(10_000);
  const row = await tensors[0]?.read({ part: { start: 1_000_000, count: 1 } });
  expect(row).toMatchObject({ shape: [1, 1024] });
  expect(row?.data).toEqual(
    new Float32Array(1024).fill(new Float32Array(Uint32Array.of(0x40404040).buffer)[0] ?? 0),
  );
  expect(source.bytesRead).toBeLessThan(20_000);
});

it('lists tensors in the order of their data, empty ones first, whatever the order of the header', async () => {
  const places = { c: [1, 3], a: [0, 1], d: [3, 3], 'e\u0301': [3, 4] };
  const entries = Object.entries(places).map(([name, [begin = 0, end = 0]]) => [
    name,
    { dtype: 'U8', shape: [end - begin], data_offsets: [begin, end] },
  ]);
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const { tensors } = await readSafetensors(Buffer.concat([length, json, Uint8Array.of(1, 2, 3, 4)]));
  expect(tensors.map(({ name }) => name)).toEqual(['a', 'c', 'd', 'e\u0301']);
  expect(
    await Promise.all(tensors.map(async (tensor) => Array.from((await tensor.read()).data, Number))),
  ).toEqual([[1], [2, 3], [], [4]]);
});

it('writes the same bytes from memory and from what is yet to be read', async () => {
  const data = Float32Array.of(1, 2, 3, 4, 5, 6);
  const array = { kind: 'numeric', dtype: 'float32', shape: [2, 3], order: 'row-major', data } as const;
  const small = { ...array, dtype: 'bool', shape: [2], data: Uint8Array.of(1, 0) } as const;
  const whole = encodeSafetensors({
    tensors: [
      { name: 'b', dtype: 'BOOL', shape: [2], data: small.data },
      { name: 'a', dtype: 'F32', shape: [2, 3], data: new Uint8Array(data.buffer) },
    ],
  });
  expect(await gather(safetensorsPieces({ tensors: [lazyOf('b', small), lazyOf('a', array)] }))).toEqual(
    whole,
  );
  const columns = { ...array, order: 'column-major', data: Float32Array.of(1, 4, 2, 5, 3, 6) } as const;
  expect(await gather(safetensorsPieces({ tensors: [lazyOf('b', small), lazyOf('a', columns)] }))).toEqual(
    whole,
  );
});

it('refuses what is no safetensors file, and what it cannot store', async () => {
  expect((await refusalOf(() => readSafetensors(Uint8Array.of(1, 2, 3)))).reason).toBe(
    'the file does not begin with a header',
  );
  const data = BigInt64Array.of(1n);
  const time = lazyOf('t', {
    kind: 'numeric',
    dtype: 'datetime64',
    shape: [1],
    order: 'row-major',
    data,
    unit: 's',
  });
  await expect(gather(safetensorsPieces({ tensors: [time] }))).rejects.toThrow(
    'tensors.t.dtype "datetime64" is not a dtype of safetensors',
  );
});
