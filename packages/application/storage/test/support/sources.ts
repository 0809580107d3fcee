import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ByteSource } from '@holdfast/ports';
import { fileSource } from '@holdfast/storage';
import type { TemporaryFolder } from '@holdfast/tooling-services';

/** Bytes that look random and are the same every time. */
export function sampleBytes(length: number, seed = 1): Uint8Array {
  let state = (seed * 2_654_435_761) >>> 0;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

/** Cuts bytes into chunks of these lengths, over and over. */
export function* chunksOf(bytes: Uint8Array, lengths: readonly number[]): Generator<Uint8Array> {
  let offset = 0;
  for (let index = 0; offset < bytes.byteLength; index++) {
    const length = Math.max(1, lengths[index % lengths.length] ?? bytes.byteLength);
    yield bytes.subarray(offset, offset + length);
    offset += length;
  }
}

/** Lends every chunk in the same memory and spoils it when the next one is asked for, as the contract allows. */
export async function* lending(bytes: Uint8Array, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  const memory = new Uint8Array(Math.max(1, bytes.byteLength));
  for (const chunk of chunksOf(bytes, lengths)) {
    memory.set(chunk);
    yield memory.subarray(0, chunk.byteLength);
    memory.fill(0xaa);
  }
}

/** A web stream of chunks. */
export function webStream(bytes: Uint8Array, lengths: readonly number[]): ReadableStream<Uint8Array> {
  const chunks = chunksOf(bytes, lengths);
  return new ReadableStream({
    pull(controller) {
      const { done, value } = chunks.next();
      if (done === true) controller.close();
      else controller.enqueue(Uint8Array.from(value));
    },
  });
}

/** Every form in which bytes can be given. */
export const sourceForms = {
  bytes: (bytes) => bytes,
  iterable: (bytes, lengths) => lending(bytes, lengths),
  'web stream': (bytes, lengths) => webStream(bytes, lengths),
  'node stream': (bytes, lengths) => Readable.from([...chunksOf(bytes, lengths)]),
  're-openable': (bytes, lengths) => ({ sizeBytes: bytes.byteLength, open: () => lending(bytes, lengths) }),
  file: async (bytes, _lengths, folder) => {
    const path = folder.join(`source-${Math.random()}`);
    await writeFile(path, bytes);
    return fileSource(path);
  },
} satisfies Record<
  string,
  (bytes: Uint8Array, lengths: readonly number[], folder: TemporaryFolder) => ByteSource | Promise<ByteSource>
>;

export type SourceForm = keyof typeof sourceForms;

/** A source that gives one chunk and then nothing, for ever; it tells when it is waited for and when it is left. */
export class SilentSource implements AsyncIterable<Uint8Array> {
  readonly waitedFor: Promise<void>;
  isLeft = false;
  readonly #waited = Promise.withResolvers<void>();
  readonly #never = Promise.withResolvers<IteratorResult<Uint8Array>>();

  constructor() {
    this.waitedFor = this.#waited.promise;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    let asked = 0;
    return {
      next: async () => {
        asked++;
        if (asked === 1) return { done: false, value: sampleBytes(100) };
        this.#waited.resolve();
        return this.#never.promise;
      },
      return: async () => {
        this.isLeft = true;
        return { done: true, value: undefined };
      },
    };
  }
}
