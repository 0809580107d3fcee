import { hash } from 'node:crypto';
import { type Measured, MeteredSource } from '@holdfast/adapter-kit';
import { digestOfHex } from '@holdfast/domain';
import type { ByteSource, OperationContext, PutOptions } from '@holdfast/ports';
import type { DataFiles, StagedFile } from './data-files.ts';

/** A body that is safe on the disk, or small enough to go into the index with its record. */
export interface StagedBody extends Measured {
  readonly inline: Uint8Array | undefined;
  readonly file: StagedFile | undefined;
}

export interface StageOptions {
  readonly put: PutOptions;
  /** Bodies up to this size go into the index. */
  readonly inlineLimitBytes: number;
  readonly context: OperationContext;
}

/**
 * Takes a body in, hashing it once as it passes, and holds it to what was announced.
 *
 * @throws StorageError `size-mismatch`, `checksum-mismatch`, `cancelled`; nothing stays then.
 */
export async function stageBody(
  data: DataFiles,
  body: ByteSource,
  options: StageOptions,
): Promise<StagedBody> {
  const { put, inlineLimitBytes, context } = options;
  if (isPlainAndSmall(body, options)) return stageBytes(body);
  const source = new MeteredSource(body, put, context);
  const chunks = source[Symbol.asyncIterator]();
  try {
    const { parts, isWhole } = await readHead(chunks, inlineLimitBytes);
    if (isWhole) return { ...source.finish(), inline: Buffer.concat(parts), file: undefined };
    const file = await data.stage(joined(parts, chunks), () => source.hashLent());
    return await keepIfMeasured(source, file);
  } finally {
    await chunks.return?.();
  }
}

/** Bytes that need neither a meter nor a file: nothing was announced about them, so nothing can be wrong. */
function isPlainAndSmall(body: ByteSource, { put, inlineLimitBytes }: StageOptions): body is Uint8Array {
  const isAnnounced =
    put.checksum !== undefined || put.sizeBytes !== undefined || put.onProgress !== undefined;
  return body instanceof Uint8Array && body.byteLength <= inlineLimitBytes && !isAnnounced;
}

function stageBytes(bytes: Uint8Array): StagedBody {
  const inline = Uint8Array.from(bytes);
  const digest = digestOfHex(hash('sha256', inline, 'hex'));
  return { digest, sizeBytes: inline.byteLength, inline, file: undefined };
}

async function keepIfMeasured(source: MeteredSource, file: StagedFile): Promise<StagedBody> {
  try {
    return { ...source.finish(), inline: undefined, file };
  } catch (error) {
    await file.discard();
    throw error;
  }
}

interface Head {
  /** Copies, but for the last one where there is more: that is on loan until the next chunk is asked for. */
  readonly parts: readonly Uint8Array[];
  /** Whether the source ended within the limit. */
  readonly isWhole: boolean;
}

/** Reads up to a limit, or to the end of the chunk that passes it. */
async function readHead(chunks: AsyncIterator<Uint8Array>, limitBytes: number): Promise<Head> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for (;;) {
    const next = await chunks.next();
    if (next.done === true) return { parts, isWhole: true };
    sizeBytes += next.value.byteLength;
    if (sizeBytes > limitBytes) return { parts: [...parts, next.value], isWhole: false };
    parts.push(new Uint8Array(next.value));
  }
}

async function* joined(
  head: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncIterable<Uint8Array> {
  yield* head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}
