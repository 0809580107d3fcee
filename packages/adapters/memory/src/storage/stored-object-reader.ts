import { resolveRange } from '@holdfast/adapter-kit';
import type { ByteRange, ObjectInfo, ObjectReader, OperationContext } from '@holdfast/ports';
import type { StoredObject } from './memory-store.ts';

/** Reads one state of an object, whatever becomes of its key meanwhile. */
export class StoredObjectReader implements ObjectReader {
  readonly info: ObjectInfo;
  readonly range: ObjectReader['range'];
  readonly body: AsyncGenerator<Uint8Array>;

  constructor(object: StoredObject, range: ByteRange | undefined, context: OperationContext) {
    this.info = object.info;
    this.range = resolveRange(range, object.info.sizeBytes, context);
    this.body = readBody(object.bytes.read(this.range.offset, this.range.length));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.body.return(undefined);
  }
}

async function* readBody(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
