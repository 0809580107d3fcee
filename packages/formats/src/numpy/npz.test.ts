import { deflateRawSync, inflateRawSync, constants } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { countingSource } from '../../test/support/counting-source.ts';
import { refusalOf } from '../../test/support/refusal-of.ts';
import { writeZip, type ZipEntry, type ZipLies } from '../../test/support/zip-writer.ts';
import { bytesSource, detectFormat, encodeNpy, type Inflate, inspect } from '../index.ts';

const array = encodeNpy({ dtype: '<f4', shape: [2, 3], data: new Uint8Array(24).fill(7) });
const objects = Uint8Array.from(
  Buffer.from(
    "\x93NUMPY\x01\x00\x36\x00{'descr': '|O', 'fortran_order': False, 'shape': (4,)}\x80\x04.",
    'latin1',
  ),
);

const inflate: Inflate = async (compressed, { limitBytes }) =>
  Uint8Array.from(
    inflateRawSync(compressed, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, limitBytes),
  );

function deflated(path: string, data: Uint8Array): ZipEntry {
  return { path, data: Uint8Array.from(deflateRawSync(data)), method: 8, sizeBytes: data.length };
}

describe('a .npz file', () => {
  it('is described array by array, with where the data lies', async () => {
    const bytes = writeZip([
      { path: 'x.npy', data: array },
      { path: 'deep/y.npy', data: array },
    ]);
    const result = await inspect(bytesSource(bytes));
    expect(result).toMatchObject({
      format: 'numpy_archive',
      summary: { arrayCount: 2, unopenedCount: 0, hasObjects: false },
      tensors: [{ name: 'x', dtype: '<f4', shape: [2, 3] }, { name: 'deep/y' }],
      members: [{ path: 'x.npy', sizeBytes: array.length, compression: 'stored' }, { path: 'deep/y.npy' }],
    });
    for (const tensor of result.tensors ?? []) {
      expect(bytes.subarray(tensor.byteRange?.start, tensor.byteRange?.end)).toEqual(
        new Uint8Array(24).fill(7),
      );
    }
    expect(result.scan).toBeUndefined();
  });

  it('with compressed arrays tells names and sizes, and no more without means to inflate', async () => {
    const result = await inspect(bytesSource(writeZip([deflated('x.npy', array)])));
    expect(result).toMatchObject({
      format: 'numpy_archive',
      summary: { unopenedCount: 1 },
      tensors: [],
      members: [{ path: 'x.npy', sizeBytes: array.length, compression: 'deflated' }],
      warnings: [{ code: 'members-not-opened' }],
      scan: { verdict: 'unscanned' },
    });
  });

  it('with compressed arrays is opened by the means that the caller gives', async () => {
    const result = await inspect(bytesSource(writeZip([deflated('x.npy', array)])), { inflate });
    expect(result).toMatchObject({ summary: { unopenedCount: 0 }, tensors: [{ name: 'x', shape: [2, 3] }] });
    expect(result.tensors?.[0]?.byteRange).toBeUndefined();
    expect(result.scan).toBeUndefined();
  });

  it('with objects in any array is marked', async () => {
    const bytes = writeZip([
      { path: 'x.npy', data: array },
      { path: 'y.npy', data: objects },
    ]);
    expect(await inspect(bytesSource(bytes))).toMatchObject({
      summary: { hasObjects: true },
      scan: { verdict: 'unscanned' },
    });
  });

  it('of zip64 and with a comment is read as well', async () => {
    const comment = new TextEncoder().encode('made by hand');
    const bytes = writeZip([{ path: 'x.npy', data: array, isZip64: true }], { comment });
    expect(await inspect(bytesSource(bytes))).toMatchObject({ tensors: [{ name: 'x' }] });
  });

  it('with a broken array is refused, naming it', async () => {
    const bytes = writeZip([{ path: 'x.npy', data: array.subarray(0, 140) }]);
    const error = await refusalOf(() => inspect(bytesSource(bytes)));
    expect(error).toMatchObject({ format: 'numpy_archive', offset: 0 });
    expect(error.reason).toContain('"x.npy": the array needs 152 bytes and has 140');
  });

  it('cut anywhere after the name of its first member is refused', async () => {
    const bytes = writeZip([{ path: 'x.npy', data: array }]);
    for (let length = 35; length < bytes.length; length += 1) {
      expect(await refusalOf(() => detectFormat(bytesSource(bytes.subarray(0, length))))).toMatchObject({
        format: 'numpy_archive',
      });
    }
  });

  it.each<[string, ZipEntry[], ZipLies, RegExp]>([
    [
      'a directory elsewhere',
      [{ path: 'x.npy', data: array }],
      { directoryOffset: 3 },
      /not where the directory says/,
    ],
    [
      'a directory of another size',
      [{ path: 'x.npy', data: array }],
      { directoryBytes: 20 },
      /does not begin where it should/,
    ],
    [
      'a member past the directory',
      [{ path: 'x.npy', data: array, claimedOffset: 5000 }],
      {},
      /not where the directory says/,
    ],
  ])('with %s is refused', async (...[, entries, lies, reason]) => {
    const error = await refusalOf(() => inspect(bytesSource(writeZip(entries, lies))));
    expect(error).toMatchObject({ format: 'numpy_archive' });
    expect(error.reason).toMatch(reason);
  });

  it.each<[string, ZipEntry[], ZipLies, RegExp]>([
    [
      'too few members',
      [
        { path: 'x.npy', data: array },
        { path: 'y.npy', data: array },
      ],
      { entryCount: 1 },
      /claims 1 members and holds 2/,
    ],
    ['too many members', [{ path: 'x.npy', data: array }], { entryCount: 2 }, /claims 2 members/],
    [
      'a name given twice',
      [
        { path: 'x.npy', data: array },
        { path: 'x.npy', data: array },
      ],
      {},
      /given twice/,
    ],
    [
      'two ends',
      [{ path: 'x.npy', data: array }],
      { comment: Uint8Array.from([0x50, 0x4b, 5, 6, ...new Uint8Array(18)]) },
      /more than one end/,
    ],
  ])('with %s is described, and the oddity is reported', async (...[, entries, lies, reason]) => {
    const { format, warnings } = await inspect(bytesSource(writeZip(entries, lies)));
    expect(format).toBe('numpy_archive');
    expect(warnings).toEqual([{ code: 'zip-oddity', message: expect.stringMatching(reason) }]);
  });

  it('may have bytes after its end', async () => {
    const bytes = writeZip([{ path: 'x.npy', data: array }]);
    const padded = Uint8Array.from([...bytes, ...new Uint8Array(1000)]);
    expect(await inspect(bytesSource(padded))).toMatchObject({
      format: 'numpy_archive',
      tensors: [{ name: 'x' }],
      warnings: [
        { code: 'zip-oddity', message: 'The zip archive is odd: 1000 bytes follow the end of the archive.' },
      ],
    });
  });

  it('whose directory disagrees with a member about its name is refused', async () => {
    const bytes = writeZip([{ path: 'x.npy', data: array }]);
    const changed = bytes.with(30, 'z'.charCodeAt(0));
    expect((await refusalOf(() => inspect(bytesSource(changed)))).reason).toMatch(
      /contradicts the directory/,
    );
  });

  it('with large arrays is read by its headers alone', async () => {
    const bytes = writeZip([
      { path: 'x.npy', data: encodeNpy({ dtype: '|u1', shape: [200_000], data: new Uint8Array(200_000) }) },
    ]);
    const source = countingSource(bytes);
    await inspect(source);
    expect(source.bytesRead).toBeLessThan(80_000);
  });
});

describe('other zip archives', () => {
  it.each<[string, ZipEntry[]]>([
    ['nothing', []],
    ['something else', [{ path: 'a.txt', data: array }]],
    [
      'arrays and something else',
      [
        { path: 'b.txt', data: array },
        { path: 'x.npy', data: array },
      ],
    ],
  ])('that hold %s are binary', async (_, entries) => {
    expect(await detectFormat(bytesSource(writeZip(entries)))).toMatchObject({
      format: 'binary',
      evidence: [`A zip archive of ${entries.length} members.`, 'The content matches no known format.'],
    });
  });

  it.each<[string, ZipEntry, boolean]>([
    ['a pickle', { path: 'm/object', data: Uint8Array.from([0x80, 4, 0x4e, 0x2e]) }, true],
    ['a pickle of protocol 0', { path: 'm/a.pkl', data: new TextEncoder().encode('(lp0\nI1\na.') }, true],
    ['what is not opened', { path: 'm/a', data: array, method: 12 }, true],
    ['text', { path: 'm/a.txt', data: new TextEncoder().encode('text') }, false],
  ])('are marked where they hold %s: %#', async (_, entry, isMarked) => {
    const { scan } = await detectFormat(bytesSource(writeZip([entry])));
    expect(scan !== undefined).toBe(isMarked);
  });

  it('that are broken are binary, and the reason is told', async () => {
    const bytes = writeZip([{ path: 'a.txt', data: array }]);
    const result = await detectFormat(bytesSource(bytes.subarray(0, 100)));
    expect(result).toMatchObject({ format: 'binary', scan: { verdict: 'unscanned' } });
    expect(result.evidence[0]).toContain('end record is missing');
  });
});
