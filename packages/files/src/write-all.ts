import type { FileHandle } from 'node:fs/promises';

/**
 * Writes all of a buffer: a single write may take less, and says so only by its count.
 *
 * @param position Where in the file. @default its current position
 */
export async function writeAll(file: FileHandle, bytes: Uint8Array, position?: number): Promise<void> {
  for (let written = 0; written < bytes.byteLength;) {
    const place = position === undefined ? null : position + written;
    const { bytesWritten } = await file.write(bytes, written, bytes.byteLength - written, place);
    written += bytesWritten;
  }
}
