import { type CutPart, MeteredSource, PartBuffers, cutIntoParts, sendParts } from '@holdfast/adapter-kit';
import type { Digest } from '@holdfast/domain';
import { type ByteSource, type OperationContext, type PutOptions, StorageError } from '@holdfast/ports';
import { joinSignals } from '@holdfast/work';
import { StagedChunks } from './staged-chunks.ts';
import { type StoreTools, chunkBytes, inlineBytes } from './store-tools.ts';
import type { StoredBytes } from './store/stored-record.ts';

const mostChunksAtOnce = 8;

/** A body that is in and that nobody can see yet. */
export interface StagedBody {
  readonly bytes: StoredBytes;
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly chunks: StagedChunks | undefined;
}

/** What is to be staged. */
export interface StageOrder {
  readonly body: ByteSource;
  readonly options: PutOptions;
  readonly context: OperationContext;
}

/** Takes a body in: short ones into memory, others in chunks that expire unless they are committed. */
export async function stageBody(tools: StoreTools, order: StageOrder): Promise<StagedBody> {
  const { body, options, context } = order;
  const stopped = new AbortController();
  const signal = joinSignals(stopped.signal, options.signal);
  const source = new MeteredSource(body, { ...options, signal }, context);
  const buffers = new PartBuffers();
  const { maximumSizeBytes } = tools.options;
  const parts = cutIntoParts(limited(source, maximumSizeBytes, context), {
    buffers,
    partSizeBytes: () => chunkBytes,
  });
  try {
    const first = await parts.next();
    if (first.done === true) throw new RangeError('A source gave not even an empty part.');
    const { isLast, buffer } = first.value;
    if (isLast && buffer.bytes.byteLength <= inlineBytes) {
      const bytes = { kind: 'inline', bytes: Buffer.from(buffer.bytes) } as const;
      return { ...source.finish(), bytes, chunks: undefined };
    }
    const stop = (): void => stopped.abort();
    const all = startingWith(first.value, parts);
    const chunks = await stageChunks(tools, { parts: all, buffers, context, signal: options.signal, stop });
    return await finished(source, chunks);
  } finally {
    stopped.abort();
    await parts.return(undefined);
  }
}

interface ChunkOrder {
  readonly parts: AsyncGenerator<CutPart>;
  readonly buffers: PartBuffers;
  readonly context: OperationContext;
  readonly signal: AbortSignal | undefined;
  readonly stop: () => void;
}

async function stageChunks(tools: StoreTools, order: ChunkOrder): Promise<StagedChunks> {
  const { parts, buffers, context } = order;
  const chunks = new StagedChunks(tools, context);
  const stopped = new AbortController();
  const signal = joinSignals(stopped.signal, order.signal);
  try {
    await sendParts(parts, {
      partsAtOnce: () => mostChunksAtOnce,
      send: async ({ number, buffer: { bytes } }) => {
        const chunk = { number: number - 1, bytes };
        await chunks.stage(chunk.number, { sentBytes: bytes.byteLength, signal }, (attempt) =>
          tools.store.stageChunk(chunks.id, chunk, attempt),
        );
        return '';
      },
      release: ({ buffer }) => buffers.give(buffer),
      stop: () => {
        stopped.abort();
        order.stop();
      },
    });
    return chunks;
  } catch (error) {
    await chunks.discard();
    throw error;
  }
}

async function finished(source: MeteredSource, chunks: StagedChunks): Promise<StagedBody> {
  try {
    return { ...source.finish(), bytes: { kind: 'chunks', data: chunks.data }, chunks };
  } catch (error) {
    await chunks.discard();
    throw error;
  }
}

/** @throws StorageError `invalid-argument` as soon as there are more bytes than an object may have. */
async function* limited(
  source: AsyncIterable<Uint8Array>,
  maximumSizeBytes: number,
  context: OperationContext,
): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  for await (const chunk of source) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maximumSizeBytes) {
      throw new StorageError({
        ...context,
        code: 'invalid-argument',
        message: `The source gives more than the ${maximumSizeBytes} bytes that ${context.backend} takes; nothing was written.`,
        hint: 'Raise maximumSizeBytes of the store, or keep large objects in another one.',
      });
    }
    yield chunk;
  }
}

async function* startingWith(first: CutPart, rest: AsyncGenerator<CutPart>): AsyncGenerator<CutPart> {
  yield first;
  yield* rest;
}
