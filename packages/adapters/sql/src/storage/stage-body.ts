import { randomUUID } from 'node:crypto';
import { type Measured, MeteredSource } from '@holdfast/adapter-kit';
import {
  type ByteSource,
  type Cancellable,
  knownSizeBytes,
  type OperationContext,
  type PutOptions,
} from '@holdfast/ports';
import { ChunkBlock, chunkBytes, inChunks } from './chunk-block.ts';
import type { ObjectDatabase } from './object-database.ts';

/** Bytes that are in, and that nobody can see yet. */
export interface StagedBody extends Measured {
  /** The body that holds the bytes. */
  readonly dataId: string | undefined;
  /** The length of the body's chunks, but for the last one. */
  readonly chunkBytes: number;
  /** The bytes themselves, when there are so few that they go into the row of their object. */
  readonly bytes: Uint8Array | undefined;
}

/** Where bytes are staged. */
export interface StageOptions {
  readonly database: ObjectDatabase;
  readonly context: OperationContext;
  /** Told of a body that has to be removed unless it becomes an object's. */
  readonly onStaged: (dataId: string) => void;
}

/**
 * Takes in a source: few bytes stay in memory, more go into the database as they come, each statement a transaction
 * of its own, so that memory and transactions stay small whatever the size.
 */
export async function stageBody(
  source: ByteSource,
  put: PutOptions,
  options: StageOptions,
): Promise<StagedBody> {
  const metered = new MeteredSource(source, put, options.context);
  const block = new ChunkBlock(put.sizeBytes ?? knownSizeBytes(source));
  const writer = new ChunkWriter(options, put);
  for await (const chunk of metered) {
    for (let rest = chunk; rest.byteLength > 0;) {
      if (block.isFull) await writer.write(block);
      rest = rest.subarray(block.take(rest));
    }
  }
  const measured = metered.finish();
  if (writer.dataId === undefined && !block.isLong) {
    return { ...measured, chunkBytes, dataId: undefined, bytes: block.bytes };
  }
  await writer.write(block);
  return { ...measured, chunkBytes, dataId: writer.dataId, bytes: undefined };
}

/** Registers a body under its writer's name, before any of its chunks. */
export async function registerBody(
  { database, context, onStaged }: StageOptions,
  { signal }: Cancellable,
): Promise<string> {
  const dataId = randomUUID();
  const owner = await database.presence.owner(context);
  onStaged(dataId);
  await database.write(
    context,
    (transaction) =>
      transaction
        .insertInto('bodies')
        .values({ data_id: dataId, state: 'staged', owner })
        .onConflict((conflict) => conflict.doNothing())
        .execute(),
    { signal },
  );
  return dataId;
}

class ChunkWriter {
  readonly #options: StageOptions;
  readonly #cancellable: Cancellable;
  #position = 0;
  #dataId: string | undefined;

  constructor(options: StageOptions, cancellable: Cancellable) {
    this.#options = options;
    this.#cancellable = cancellable;
  }

  get dataId(): string | undefined {
    return this.#dataId;
  }

  async write(block: ChunkBlock): Promise<void> {
    this.#dataId ??= await registerBody(this.#options, this.#cancellable);
    const { database, context } = this.#options;
    const [dataId, first] = [this.#dataId, this.#position];
    const chunks = inChunks(block.bytes);
    if (chunks.length > 0) {
      const rows = chunks.map((bytes, index) => ({ data_id: dataId, position: first + index, bytes }));
      await database.write(
        context,
        (transaction) =>
          transaction
            .insertInto('chunks')
            .values(rows)
            .onConflict((conflict) => conflict.doNothing())
            .execute(),
        this.#cancellable,
      );
    }
    this.#position += chunks.length;
    block.clear();
  }
}
