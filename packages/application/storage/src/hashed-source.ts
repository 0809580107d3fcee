import { createHash } from 'node:crypto';
import { type Digest, type StorageBackend, digestOfHex } from '@holdfast/domain';
import {
  type ByteSource,
  type OperationContext,
  type ReopenableSource,
  StorageError,
  isReopenable,
  knownSizeBytes,
  readSource,
  untilCancelled,
} from '@holdfast/ports';
import { Spool } from './spool.ts';
import type { OnProgress } from './transfer-progress.ts';

/** A longer chunk is taken in pieces, so that progress is told often enough. */
const longestPieceBytes = 4_194_304;

/** A source whose digest is known before it is sent, and that can be sent any number of times. */
export interface HashedSource extends AsyncDisposable {
  readonly source: Uint8Array | ReopenableSource;
  readonly digest: Digest;
  readonly sizeBytes: number;
}

export interface HashSourceOptions {
  /** Where a stream that passes only once is kept meanwhile. */
  readonly spoolFolder: string;
  readonly backend: StorageBackend;
  /** Only told; the caller holds the bytes to it. */
  readonly sizeBytes?: number | undefined;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Learns the digest of a source before it is sent, for backends that must know the key first:
 * a source that can be opened again is read once more for it, a stream is spooled to the disk.
 * Dispose the result: that removes the spooled file.
 *
 * @throws StorageError `cancelled`, `invalid-argument` when a chunk is no bytes, `quota-exceeded` and
 *   `invalid-configuration` as the spool does; the source's own error as it is.
 */
export async function hashSource(source: ByteSource, options: HashSourceOptions): Promise<HashedSource> {
  const hash = createHash('sha256');
  if (isReopenable(source)) {
    let sizeBytes = 0;
    for await (const chunk of metered(source, hash, options)) sizeBytes += chunk.byteLength;
    return {
      source,
      sizeBytes,
      digest: digestOfHex(hash.digest('hex')),
      [Symbol.asyncDispose]: async () => undefined,
    };
  }
  return spoolSource(source, options);
}

/** Keeps a stream that passes only once in a file without a name, so that nothing of it stays when the process dies. */
async function spoolSource(source: ByteSource, options: HashSourceOptions): Promise<HashedSource> {
  const failed = (error: unknown): never => {
    throw spoolError(error, options);
  };
  const spool = await Spool.open(options.spoolFolder).catch(failed);
  const remove = (): Promise<void> => spool[Symbol.asyncDispose]();
  try {
    for await (const chunk of metered(source, noHash, options)) await spool.write(chunk).catch(failed);
    await spool.flush().catch(failed);
  } catch (error) {
    await remove();
    throw error;
  }
  const { sizeBytes, digest } = spool.facts();
  const spooled = { open: () => spool.chunks(), sizeBytes };
  return { source: spooled, sizeBytes, digest, [Symbol.asyncDispose]: remove };
}

/** The spool hashes what it takes. */
const noHash = { update: () => undefined };

function spoolError(cause: unknown, { backend, spoolFolder }: HashSourceOptions): StorageError {
  const isFull = ['ENOSPC', 'EDQUOT'].includes(String((cause as { readonly code?: unknown }).code));
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StorageError({
    code: isFull ? 'quota-exceeded' : 'invalid-configuration',
    operation: 'save',
    backend,
    message: `The stream cannot be kept in ${spoolFolder} while it is hashed: ${reason}.`,
    hint: isFull
      ? 'Make room there, or name another spool folder.'
      : 'Name a spool folder that can be written to.',
    cause,
  });
}

async function* metered(
  source: ByteSource,
  hash: { update(bytes: Uint8Array): unknown },
  options: HashSourceOptions,
): AsyncIterable<Uint8Array> {
  const context: OperationContext = { operation: 'save', backend: options.backend };
  const totalBytes = options.sizeBytes ?? knownSizeBytes(source);
  let bytes = 0;
  for await (const chunk of untilCancelled(readSource(source), options.signal, context)) {
    if (!(chunk instanceof Uint8Array)) {
      const message = `The source must give bytes (got a ${typeof chunk}); nothing was written.`;
      throw new StorageError({ ...context, code: 'invalid-argument', message });
    }
    for (let offset = 0; offset < chunk.byteLength; offset += longestPieceBytes) {
      const piece = chunk.subarray(offset, offset + longestPieceBytes);
      hash.update(piece);
      bytes += piece.byteLength;
      options.onProgress?.({ phase: 'hash', bytes, totalBytes });
      yield piece;
    }
  }
}
