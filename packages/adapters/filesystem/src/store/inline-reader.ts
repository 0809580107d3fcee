import type { ResolvedRange } from '@holdfast/adapter-kit';
import type { ObjectInfo, ObjectReader } from '@holdfast/ports';

/** Hands out a part of bytes that are in memory already. */
export class InlineReader implements ObjectReader {
  readonly info: ObjectInfo;
  readonly range: ResolvedRange;
  readonly body: AsyncIterable<Uint8Array>;

  constructor(bytes: Uint8Array, info: ObjectInfo, range: ResolvedRange) {
    this.info = info;
    this.range = range;
    this.body = once(bytes.subarray(range.offset, range.offset + range.length));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  if (bytes.byteLength > 0) yield bytes;
}
