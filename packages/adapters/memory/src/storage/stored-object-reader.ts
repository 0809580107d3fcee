import { resolveRange } from '@holdfast/adapter-kit';
import {
  type GetOptions,
  type ObjectInfo,
  type ObjectReader,
  type OperationContext,
  throwIfCancelled,
} from '@holdfast/ports';
import type { StoredObject } from './memory-store.ts';

/** Reads one state of an object, whatever becomes of its key meanwhile. */
export class StoredObjectReader implements ObjectReader {
  readonly info: ObjectInfo;
  readonly range: ObjectReader['range'];
  readonly body: AsyncGenerator<Uint8Array>;

  constructor(object: StoredObject, options: GetOptions, context: OperationContext) {
    this.info = object.info;
    this.range = resolveRange(options.range, object.info.sizeBytes, context);
    this.body = readBody(object.bytes.read(this.range.offset, this.range.length), options.signal, context);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.body.return(undefined);
  }
}

async function* readBody(
  chunks: Iterable<Uint8Array>,
  signal: AbortSignal | undefined,
  context: OperationContext,
): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    throwIfCancelled(signal, context);
    yield chunk;
  }
  throwIfCancelled(signal, context);
}
