import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { editHdf5, Hdf5Error, Hdf5File, Hdf5Writer } from '../src/index.ts';
import { scratchFolder } from './support/scratch-folder.ts';

const folder = scratchFolder();
const numbers = { kind: 'numeric', dtype: 'float32', shape: [2], order: 'row-major' } as const;
const value = { ...numbers, data: Float32Array.of(1, 2) };

async function refusal(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (Hdf5Error.isInstance(error, 'invalid-argument')) return error.message;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

/** Whatever a program in JavaScript may pass. */
function any(given: unknown): never {
  return given as never;
}

describe('a writer of an HDF5 file', () => {
  it.each([
    ['too short', { data: Float32Array.of(1) }, /wrong: value\.data .* must be a Float32Array of 2 entries/],
    ['too long', { data: new Float32Array(3) }, /wrong: value\.data/],
    ['of another type', { data: new Float64Array(2) }, /wrong: value\.data "Float64Array of 2 entries"/],
    ['of another type for int64', { dtype: 'int64', data: new Float64Array(2) }, /BigInt64Array/],
    ['a plain array', { data: [1, 2] }, /wrong: value\.data 1,2 must be/],
    ['of less than nothing', { shape: [-1] }, /wrong: value\.shape -1 must be/],
    ['of a part of an entry', { shape: [2.5] }, /wrong: value\.shape 2\.5 must be/],
    ['without an order', { order: undefined }, /wrong: value\.order undefined must be/],
    ['of too many dimensions', { shape: [2, ...Array.from({ length: 32 }, () => 1)] }, /33 dimensions/],
  ])('refuses data that is %s at once, and writes on', async (name, wrong, reason) => {
    const path = join(folder, `${name}.h5`);
    await using writer = await Hdf5Writer.create(path);
    const message = await refusal(() => writer.write('wrong', any({ ...value, ...wrong })));
    expect(message).toMatch(reason);
    await writer.write('right', value);
    await writer.finish();
    await using file = await Hdf5File.open(path);
    expect((await file.root.links()).map((link) => link.name)).toEqual(['right']);
    expect((await (await file.dataset('right')).read()).data).toEqual(value.data);
  });

  it('refuses attributes at once, with the path and the name, and keeps what was appended', async () => {
    const path = join(folder, 'attributes.h5');
    await using writer = await Hdf5Writer.create(path);
    const rows = writer.dataset('rows', { dtype: 'int8', attributes: { rate: 5, ok: true, unit: 'g' } });
    await rows.append(Int8Array.of(1));
    for (const [attributes, reason] of [
      [{ attributes: { unit: 'g' } }, /place: attributes\.attributes "an object \(Object\)" must/],
      [new Map([['unit', 'g']]), /place: attributes "an object \(Map\)" must be a plain object/],
      ['g', /place: attributes "g" must be a plain object/],
      [7, /place: attributes 7 must be a plain object/],
      [[1], /place: attributes 1 must be a plain object/],
      [{ a: [1, 2] }, /place: attributes\.a 1,2 must be a text, a number/],
      [{ a: undefined }, /place: attributes\.a undefined/],
      [{ a: { ...value, shape: [3] } }, /place: attributes\.a\.data/],
      [{ a: 2n ** 63n }, /place: attributes\.a 9223372036854775808 must fit in 64 bits/],
      [{ a: new Uint8Array(70_000) }, /place: attributes\.a "7\d+ bytes" must be at most 64 KiB/],
      [{ '': 1 }, /place: attributes\. "" cannot be the name/],
    ] as const)
      for (const work of [
        () => {
          writer.group('place', any(attributes));
        },
        () => writer.dataset('place', { dtype: 'int8', attributes: any(attributes) }),
        () => writer.write('place', value, any(attributes)),
      ])
        expect(await refusal(work)).toMatch(reason);
    await writer.finish();
    await using file = await Hdf5File.open(path);
    expect((await (await file.dataset('rows')).read()).data).toEqual(Int8Array.of(1));
    expect((await file.attributes('rows')).map(({ name }) => name).toSorted()).toEqual([
      'ok',
      'rate',
      'unit',
    ]);
  });

  it('refuses settings of a dataset that are none, and data that is none', async () => {
    await using writer = await Hdf5Writer.create(join(folder, 'settings.h5'));
    for (const [options, reason] of [
      [undefined, /options undefined must be an object/],
      ['int8', /options "int8" must be an object/],
      [{ dtype: 'int8', rowShape: 3 }, /row\.shape 3 must be an array/],
      [
        { dtype: 'int8', rowShape: Array.from({ length: 32 }, () => 1) },
        /33 dimensions" must have at most 32/,
      ],
      [{ dtype: 'int8', shape: [3] }, /options "shape" is not a setting: .*rowShape/],
    ] as const)
      expect(await refusal(() => writer.dataset('x', any(options)))).toMatch(reason);
    expect(await refusal(() => writer.dataset(any(5), { dtype: 'int8' }))).toMatch(/path 5 must be a text/);
    const rows = writer.dataset('x', { dtype: 'int8' });
    await expect(rows.append(any(undefined))).rejects.toThrow(/data undefined must be a Int8Array/);
  });

  it('takes nothing after its end, and a dataset nothing after its own', async () => {
    const path = join(folder, 'ended.h5');
    await using writer = await Hdf5Writer.create(path);
    const rows = writer.dataset('rows', { dtype: 'int8', chunkRows: 2, gzip: 1 });
    const open = writer.dataset('open', { dtype: 'int8' });
    await rows.append(Int8Array.of(1));
    await rows.finish();
    await expect(rows.append(Int8Array.of(2))).rejects.toThrow(/comes after rows was finished/);
    await writer.finish();
    for (const work of [
      () => {
        writer.group('g');
      },
      () => writer.dataset('d', { dtype: 'int8' }),
      () => writer.write('v', value),
      () => open.append(Int8Array.of(1)),
      () => writer.finish(),
    ])
      expect(await refusal(work)).toMatch(/nothing can be written any more/);
    await using file = await Hdf5File.open(path);
    expect((await (await file.dataset('rows')).read()).data).toEqual(Int8Array.of(1));
  });
});

it('refuses arguments of a reader that are none, and reads nothing instead', async () => {
  const path = join(folder, 'read.h5');
  await using writer = await Hdf5Writer.create(path);
  await writer.write('x', { ...value, shape: [2, 1] });
  await writer.finish();
  await using file = await Hdf5File.open(path);
  const dataset = await file.dataset('x');
  for (const [work, reason] of [
    [() => file.dataset(any(5)), /path 5 must be a text/],
    [() => file.dataset(any(undefined)), /path undefined must be a text/],
    [() => dataset.read(any('x')), /options "x" must be an object/],
    [() => dataset.read(any({ start: 0, count: 1 })), /options "start" is not a setting/],
    [() => dataset.readRow(0, any(null)), /options null must be an object/],
    [() => dataset.readRow(0, { into: any('x') }), /into "x" must be a Float32Array of 1/],
    [() => dataset.readBatch(any(3)), /rows 3 must be an array of rows/],
    [() => dataset.readBatch(any(['0'])), /row "0" must be a whole number inside of the 2 rows/],
    [() => dataset.readRows(any({ start: 0 }), 1), /start "an object \(Object\)" must be a whole number/],
    [() => dataset.readRows(1, 2), /count 2 must be a whole number inside of the 1 rows from 1 on/],
    [() => dataset.readValue({ start: any(0), count: any(1) }), /start 0 must be an array/],
  ] as const)
    expect(await refusal(work)).toMatch(reason);
  expect((await dataset.read()).data).toEqual(value.data);
});

it('refuses arguments of an editor that are none', async () => {
  const path = join(folder, 'edit.h5');
  await using writer = await Hdf5Writer.create(path);
  await writer.write('x', value);
  await writer.finish();
  await editHdf5(path, async (editor) => {
    expect(await refusal(() => editor.setAttribute('x', 'a', any({ b: 1 })))).toMatch(/attributes\.a/);
    expect(await refusal(() => editor.setAttribute('x', 'a', any(value)))).toMatch(/attributes\.a/);
    expect(await refusal(() => editor.setAttribute('x', 'a', 2n ** 63n))).toMatch(/64 bits/);
    expect(await refusal(() => editor.writeRows('x', 0, any([1])))).toMatch(/must be a Float32Array/);
  });
});
