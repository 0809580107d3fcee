import { randomBytes } from 'node:crypto';
import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inflate } from './inflate.ts';

const content = randomBytes(300_000);

describe.each([
  ['deflate-raw', deflateRawSync(content)],
  ['zlib', deflateSync(content)],
  ['gzip', gzipSync(content)],
  ['zstd', zstdCompressSync(content)],
] as const)('inflate of %s', (encoding, compressed) => {
  it('gives all, no more than the limit, and what the beginning holds', async () => {
    const whole = await inflate(compressed, { encoding, limitBytes: content.length + 1 });
    expect(Buffer.compare(whole, content)).toBe(0);
    const few = await inflate(compressed, { encoding, limitBytes: 1000 });
    expect(Buffer.compare(few, content.subarray(0, 1000))).toBe(0);
    const begun = await inflate(compressed.subarray(0, 200_000), { encoding, limitBytes: content.length });
    expect(begun.length).toBeGreaterThan(60_000);
    expect(Buffer.compare(begun, content.subarray(0, begun.length))).toBe(0);
  });

  it('holds no more than the limit of what is small and makes much', async () => {
    const zeros = Buffer.alloc(50_000_000);
    const pack = { 'deflate-raw': deflateRawSync, zlib: deflateSync, gzip: gzipSync, zstd: zstdCompressSync };
    const piece = await inflate(pack[encoding](zeros), { encoding, limitBytes: 4096 });
    expect(piece).toHaveLength(4096);
  });
});
