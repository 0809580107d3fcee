import { damagedBackup } from './backup-error.ts';
import type { ByteCursor } from './byte-cursor.ts';
import { type TarFile, tarEnd, tarHeader, tarPadding } from './tar-header.ts';

/** A file on its way out of an archive. */
export interface TarEntry extends TarFile {
  /** The bytes, once; what is left of them is passed over when the next file is asked for. A chunk is lent. */
  readonly body: AsyncIterable<Uint8Array>;
}

const blockBytes = 512;
const noBackup = ', or it is not a backup';

/**
 * Reads a tar archive as strictly as it was written: a header has to be the very bytes that {@link tarHeader} makes,
 * fillers have to be zeros, and the end has to be there. So no bit of it can change unnoticed.
 *
 * @throws StorageError `corrupt` saying where it is not as written.
 */
export async function* readTar(cursor: ByteCursor): AsyncIterable<TarEntry> {
  for (;;) {
    const { offset } = cursor;
    const block = await cursor.read(blockBytes);
    if (isZero(block)) break;
    const { file, header } = await readHeader(cursor, block);
    if (!Buffer.from(tarHeader(file)).equals(header))
      throw damagedBackup(`its header at byte ${offset} was altered${offset === 0 ? noBackup : ''}`);
    const end = cursor.offset + file.sizeBytes;
    yield { ...file, body: cursor.stream(file.sizeBytes) };
    for await (const _ of cursor.stream(end - cursor.offset));
    if (!isZero(await cursor.read(tarPadding(file.sizeBytes).byteLength)))
      throw damagedBackup(`the filler after ${file.name} was altered`);
  }
  if (!isZero(await cursor.read(tarEnd().byteLength - blockBytes)))
    throw damagedBackup('its end was altered');
  await cursor.expectZerosToEnd();
}

async function readHeader(
  cursor: ByteCursor,
  block: Uint8Array,
): Promise<{ readonly file: TarFile; readonly header: Uint8Array }> {
  if (block[156] !== 'x'.charCodeAt(0)) return { file: parseBlock(block), header: block };
  const record = await cursor.read(blockBytes);
  const plain = await cursor.read(blockBytes);
  const [, size = ''] = /^\d+ size=(\d{1,16})\n/.exec(Buffer.from(record).toString('latin1')) ?? [];
  return {
    file: { ...parseBlock(plain), sizeBytes: Number(size) },
    header: Buffer.concat([block, record, plain]),
  };
}

function parseBlock(block: Uint8Array): TarFile {
  const text = (start: number, length: number): string => {
    const field = Buffer.from(block.subarray(start, start + length)).toString('latin1');
    return field.split('\0', 1)[0] ?? '';
  };
  const number = (start: number): number => {
    const digits = text(start, 12);
    return /^[0-7]{11}$/.test(digits) ? Number.parseInt(digits, 8) : 0;
  };
  return { name: text(0, 100), sizeBytes: number(124), modifiedSeconds: number(136) };
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
