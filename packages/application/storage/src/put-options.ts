import { type ByteSource, type PutOptions, knownSizeBytes } from '@holdfast/ports';
import type { SaveOptions } from './save-options.ts';

/** What of a save's options an adapter is told. */
export function putOptions(data: ByteSource, options: SaveOptions): PutOptions {
  const { signal, contentType, metadata, checksum, onProgress } = options;
  const totalBytes = options.sizeBytes ?? knownSizeBytes(data);
  return {
    signal,
    contentType,
    metadata,
    checksum,
    sizeBytes: totalBytes,
    ...(onProgress === undefined
      ? {}
      : { onProgress: (bytes) => onProgress({ phase: 'write', bytes, totalBytes }) }),
  };
}
