import { createCipheriv } from 'node:crypto';

const key = Buffer.alloc(16, 'holdfast');

/** Bytes that look random, that are the same in every run, and others for every number. */
export function sampleBytes(length: number, number: number): Buffer {
  const counter = Buffer.alloc(16);
  counter.writeUInt32BE(number);
  const cipher = createCipheriv('aes-128-ctr', key, counter);
  return cipher.update(Buffer.alloc(length));
}

/** Different bodies of one size. */
export function sampleBodies(count: number, sizeBytes: number): readonly Buffer[] {
  return Array.from({ length: count }, (_, number) => sampleBytes(sizeBytes, number));
}

/** The body of a number, where there are fewer bodies than numbers. */
export function bodyOf(bodies: readonly Buffer[], number: number): Buffer {
  return bodies[number % bodies.length] as Buffer;
}
