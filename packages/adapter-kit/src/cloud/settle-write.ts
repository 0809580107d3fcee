import { type OperationContext, StorageError, type WriteMode } from '@holdfast/ports';
import type { RequestRunner } from '../requests/request-runner.ts';
import type { CloudDriver, StoredObject, WrittenObject } from './cloud-driver.ts';
import type { StoredMetadata } from './stored-metadata.ts';

interface SettleTools {
  readonly driver: CloudDriver;
  readonly runner: RequestRunner;
  readonly metadata: StoredMetadata;
}

/** The write whose outcome is not known. */
export interface OpenWrite {
  readonly name: string;
  readonly mode: WriteMode;
  readonly attemptId: string;
  /** How long what was sent is, where that is known. */
  readonly sizeBytes?: number | undefined;
  readonly context: OperationContext;
  readonly signal: AbortSignal | undefined;
}

/**
 * Reads an object back whose write was not answered. Our attempt id there means that it happened; the state from before
 * means that it may be sent again, and so does any state when whatever is there is to be overwritten.
 *
 * @throws StorageError `indeterminate` when another state is there, since ours may have been there before it,
 *   or when it cannot be read; `size-mismatch` when ours is there and not whole.
 */
export async function settleWrite(
  { driver, runner, metadata }: SettleTools,
  write: OpenWrite,
): Promise<WrittenObject | undefined> {
  const { name, mode, attemptId, sizeBytes, context, signal } = write;
  let found: StoredObject | undefined;
  try {
    found = await runner.run(context, { signal }, (attempt) => driver.head(name, { signal: attempt }));
  } catch (error) {
    throw unknown(context, 'the object cannot be read to find out', error);
  }
  if (found !== undefined && metadata.decode(found.metadata).attemptId === attemptId) {
    if (sizeBytes !== undefined && found.sizeBytes !== sizeBytes) throw otherSize(found.sizeBytes, write);
    return { etag: found.etag, version: found.version };
  }
  const isAsBefore =
    mode === 'overwrite' || (mode === 'create' ? found === undefined : found?.etag === mode.ifMatch);
  if (isAsBefore) return undefined;
  throw unknown(context, 'another state is there now', undefined);
}

function otherSize(foundBytes: number, { sizeBytes, context }: OpenWrite): StorageError {
  return new StorageError({
    ...context,
    code: 'size-mismatch',
    message: `The answer to a write was lost, and the server stored ${foundBytes} of ${sizeBytes} bytes.`,
    hint: 'Write the object again.',
  });
}

function unknown(context: OperationContext, why: string, cause: unknown): StorageError {
  return new StorageError({
    ...context,
    code: 'indeterminate',
    message: `The answer to a write was lost, and ${why}.`,
    hint: 'Read the object before you try again.',
    cause,
  });
}
