import type { PartBuffer, PartBuffers } from './part-buffers.ts';

/** A filled part; its buffer goes back when it is sent. */
export interface CutPart {
  readonly number: number;
  readonly offset: number;
  readonly buffer: PartBuffer;
  readonly isLast: boolean;
}

export interface CutOptions {
  readonly buffers: PartBuffers;
  /** Length of a part, by its number from 1. */
  readonly partSizeBytes: (number: number) => number;
}

/**
 * Fills parts from chunks. Every part but the last is full, the last one has at least a byte, and no bytes at all are
 * one empty part. A part comes when the first byte after it is there, so it is known which one is the last.
 */
export async function* cutIntoParts(
  chunks: AsyncIterable<Uint8Array>,
  { buffers, partSizeBytes }: CutOptions,
): AsyncGenerator<CutPart> {
  let number = 1;
  let offset = 0;
  let buffer = buffers.take(partSizeBytes(number), true);
  for await (const chunk of chunks) {
    for (let taken = 0; taken < chunk.byteLength;) {
      if (buffer.isFull) {
        const { byteLength } = buffer.bytes;
        yield { number, offset, buffer, isLast: false };
        number++;
        offset += byteLength;
        buffer = buffers.take(partSizeBytes(number), false);
      }
      taken += buffer.append(chunk.subarray(taken));
    }
  }
  yield { number, offset, buffer, isLast: true };
}
