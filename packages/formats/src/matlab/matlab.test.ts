import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../test/support/refusal-of.ts';
import { bytesSource, detectFormat, inspect } from '../index.ts';

function header(
  options: { text?: string; version?: number; mark?: string; dataType?: number } = {},
): Uint8Array {
  const bytes = new Uint8Array(136);
  bytes.fill(0x20, 0, 116);
  bytes.set(
    new TextEncoder().encode(options.text ?? 'MATLAB 5.0 MAT-file, Platform: GLNXA64, Created on: Mon Jan 1'),
  );
  const isLittle = (options.mark ?? 'IM') === 'IM';
  const view = new DataView(bytes.buffer);
  view.setUint16(124, options.version ?? 0x0100, isLittle);
  bytes.set(new TextEncoder().encode(options.mark ?? 'IM'), 126);
  view.setUint32(128, options.dataType ?? 15, isLittle);
  return bytes;
}

function matrix4(
  name: string,
  options: { type?: number; rows?: number; isLittle?: boolean } = {},
): Uint8Array {
  const isLittle = options.isLittle ?? true;
  const rows = options.rows ?? 2;
  const bytes = new Uint8Array(20 + name.length + 1 + rows * 3 * 8);
  const view = new DataView(bytes.buffer);
  [options.type ?? (isLittle ? 0 : 1000), rows, 3, 0, name.length + 1].forEach((value, index) => {
    view.setUint32(index * 4, value, isLittle);
  });
  bytes.set(new TextEncoder().encode(name), 20);
  return bytes;
}

function superblock(size: number, offset = 0): Uint8Array {
  const bytes = new Uint8Array(size);
  bytes.set([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0, 0, 8, 8], offset);
  new DataView(bytes.buffer).setBigUint64(offset + 40, BigInt(size), true);
  return bytes;
}

describe('a MATLAB file', () => {
  it.each(['IM', 'MI'])('of version 5 is told by its header (%s)', async (mark) => {
    expect(await inspect(bytesSource(header({ mark })))).toMatchObject({
      format: 'matlab',
      summary: { version: '5', byteOrder: mark === 'IM' ? 'little' : 'big', platform: 'GLNXA64' },
    });
  });

  it.each<[string, Uint8Array]>([
    ['an unknown version', header({ version: 0x0300 })],
    ['no mark of the byte order', header({ mark: 'XX' })],
    ['something else after the header', header({ dataType: 77 })],
    ['a text that is none', header({ text: '\u0001\u0002\u0003' })],
    ['version 7.3 and no HDF5', header({ version: 0x0200, text: 'MATLAB 7.3 MAT-file' })],
  ])('is none with %s', async (_, bytes) => {
    expect(await detectFormat(bytesSource(bytes))).toMatchObject({ format: 'binary' });
  });

  it('of version 7.3 is HDF5 behind its header', async () => {
    const bytes = superblock(2048, 512);
    bytes.set(header({ version: 0x0200, text: 'MATLAB 7.3 MAT-file, Platform: PCWIN64' }).subarray(0, 128));
    expect(await inspect(bytesSource(bytes))).toMatchObject({
      format: 'matlab',
      summary: { version: '7.3', platform: 'PCWIN64' },
    });
  });

  it.each([true, false])(
    'of version 4 is told by matrices that follow each other exactly',
    async (isLittle) => {
      const bytes = Uint8Array.from([
        ...matrix4('first', { isLittle }),
        ...matrix4('second_2', { isLittle }),
      ]);
      expect(await inspect(bytesSource(bytes))).toMatchObject({
        format: 'matlab',
        summary: { version: '4', variables: ['first', 'second_2'], byteOrder: isLittle ? 'little' : 'big' },
      });
      for (let length = bytes.length - 24; length < bytes.length; length += 1) {
        expect(await refusalOf(() => detectFormat(bytesSource(bytes.subarray(0, length))))).toMatchObject({
          format: 'matlab',
          offset: length,
        });
      }
      expect(await detectFormat(bytesSource(Uint8Array.from([...bytes, 0])))).toMatchObject({
        format: 'binary',
      });
    },
  );

  it.each<[string, Uint8Array]>([
    ['an impossible type', matrix4('first', { type: 77 })],
    ['an impossible kind', matrix4('first', { type: 5 })],
    ['an impossible mark of complex numbers', matrix4('first').with(12, 7)],
    ['an impossible name', matrix4('1st')],
    ['zeros', new Uint8Array(400)],
    ['a short name and a size that does not fit', matrix4('a').subarray(0, 30)],
  ])('of version 4 is none with %s', async (_, bytes) => {
    expect(await detectFormat(bytesSource(bytes))).toMatchObject({ format: 'binary' });
  });
});

describe('an HDF5 file', () => {
  it.each([0, 512, 1024, 4096])('is told by its signature at byte %i', async (offset) => {
    expect(await inspect(bytesSource(superblock(8192, offset)))).toMatchObject({
      format: 'hdf5',
      summary: { superblockVersion: 0, userBlockBytes: offset, offsetBytes: 8, lengthBytes: 8 },
    });
  });

  it.each([1, 100, 513])('is none with the signature at byte %i', async (offset) => {
    expect(await detectFormat(bytesSource(superblock(8192, offset)))).toMatchObject({ format: 'binary' });
  });

  it('that is shorter than it says is refused', async () => {
    const bytes = superblock(8192).subarray(0, 5000);
    expect(await refusalOf(() => detectFormat(bytesSource(bytes)))).toMatchObject({
      format: 'hdf5',
      offset: 5000,
    });
  });

  it.each<[string, number, number, number]>([
    ['an unknown version', 8, 9, 8],
    ['impossible sizes', 13, 3, 13],
  ])('with %s is refused with the offset', async (...[, place, value, offset]) => {
    expect(
      await refusalOf(() => detectFormat(bytesSource(superblock(8192).with(place, value)))),
    ).toMatchObject({ format: 'hdf5', offset });
  });
});
