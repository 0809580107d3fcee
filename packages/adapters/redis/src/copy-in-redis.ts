import { type ObjectKey, utcTimestamp } from '@holdfast/domain';
import { type CopyOptions, type ObjectInfo, type OperationContext, StorageError } from '@holdfast/ports';
import { commitSteps } from './commit-steps.ts';
import { StagedChunks } from './staged-chunks.ts';
import type { StoreTools } from './store-tools.ts';
import type { OpenedRecord } from './store/redis-store.ts';
import type { DataReference, StoredBytes } from './store/stored-record.ts';

/** What is to be copied where. */
export interface CopyOrder {
  readonly from: ObjectKey;
  readonly to: ObjectKey;
  readonly etag: string;
  readonly options: CopyOptions;
  readonly context: OperationContext;
}

/** Chunks that are copied by one script: nothing else is served meanwhile. */
const chunksAtOnce = 16;
const mostStates = 10;

/** Copies an object on the server: of the state that was seen, with bytes of its own. */
export async function copyInRedis(tools: StoreTools, order: CopyOrder): Promise<ObjectInfo> {
  const { from, context, options } = order;
  for (let states = 1; states <= mostStates; states++) {
    const source = await tools.runner.run(context, { signal: options.signal }, (signal) =>
      tools.store.open(from, context, signal),
    );
    if (source === undefined) throw new StorageError({ ...context, code: 'not-found' });
    const copied = await copyState(tools, source, order);
    if (copied !== undefined) return copied;
  }
  const message = `The object was replaced ${mostStates} times while it was copied.`;
  throw new StorageError({
    ...context,
    code: 'unavailable',
    retry: 'temporary',
    message,
    hint: 'Try again.',
  });
}

/** `undefined` when the bytes of that state are gone: another one has taken its place. */
async function copyState(
  tools: StoreTools,
  source: OpenedRecord,
  order: CopyOrder,
): Promise<ObjectInfo | undefined> {
  if (source.bytes.kind === 'inline') return commitCopy(tools, { source, bytes: source.bytes }, order);
  using chunks = new StagedChunks(tools, order.context);
  try {
    if (!(await copyChunks(tools, { chunks, data: source.bytes.data }, order))) {
      await chunks.discard();
      return undefined;
    }
    return await commitCopy(tools, { source, bytes: { kind: 'chunks', data: chunks.data } }, order);
  } catch (error) {
    await chunks.discard();
    throw error;
  }
}

async function copyChunks(
  { store }: StoreTools,
  { chunks, data }: { readonly chunks: StagedChunks; readonly data: DataReference },
  { options }: CopyOrder,
): Promise<boolean> {
  const signal = options.signal ?? new AbortController().signal;
  for (let first = 0; first < data.chunkCount; first += chunksAtOnce) {
    const last = Math.min(first + chunksAtOnce, data.chunkCount) - 1;
    let isThere = true;
    await chunks.stage(last, { sentBytes: 0, signal }, async (attempt) => {
      isThere = await store.copyChunks(data.id, chunks.id, { first, last, signal: attempt });
    });
    if (!isThere) return false;
  }
  return true;
}

async function commitCopy(
  tools: StoreTools,
  { source, bytes }: { readonly source: OpenedRecord; readonly bytes: StoredBytes },
  { to, etag, options, context }: CopyOrder,
): Promise<ObjectInfo> {
  const info: ObjectInfo = {
    ...source.info,
    key: to,
    etag,
    metadata: { ...(options.metadata ?? source.info.metadata) },
    lastModified: utcTimestamp(tools.options.clock.now()),
  };
  const { chunkBytes } = source;
  const { mode = 'overwrite', signal } = options;
  await commitSteps(tools, [{ kind: 'put', key: to, mode, info, bytes, chunkBytes }], {
    context: { ...context, key: to },
    signal,
  });
  return info;
}
