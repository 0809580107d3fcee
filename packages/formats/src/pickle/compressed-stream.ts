import type { FormatProbe } from '../catalog/format-handler.ts';

/** A compression that a file begins with. */
export interface CompressedStream {
  readonly name: 'gzip' | 'zlib' | 'bzip2' | 'xz' | 'lz4' | 'zstd';
  /** How to ask for it to be inflated, where that can be asked for. */
  readonly encoding?: 'zlib' | 'gzip';
}

const signatures: readonly (readonly [CompressedStream, readonly number[]])[] = [
  [{ name: 'gzip', encoding: 'gzip' }, [0x1f, 0x8b, 0x08]],
  [{ name: 'bzip2' }, [0x42, 0x5a, 0x68]],
  [{ name: 'xz' }, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  [{ name: 'lz4' }, [0x04, 0x22, 0x4d, 0x18]],
  [{ name: 'zstd' }, [0x28, 0xb5, 0x2f, 0xfd]],
];
const lookBytes = 65_536;

/** The compression that some bytes begin with, by its signature; for zlib by its checked header. */
export function compressedStreamOf(head: Uint8Array): CompressedStream | undefined {
  const [first = 0, second = 0] = head;
  const isZlib =
    head.length > 2 && first === 0x78 && (first * 256 + second) % 31 === 0 && (second & 0x20) === 0;
  if (isZlib) return { name: 'zlib', encoding: 'zlib' };
  return signatures.find(([, signature]) => signature.every((byte, index) => head[index] === byte))?.[0];
}

/** Opens the beginning of a compressed file, as far as the caller's means allow; otherwise `undefined`. */
export async function inflateBeginning(
  probe: FormatProbe,
  stream: CompressedStream,
): Promise<Uint8Array | undefined> {
  if (stream.encoding === undefined || probe.inflate === undefined) return undefined;
  const compressed = await probe.reader.read(0, lookBytes);
  try {
    return await probe.inflate(compressed, { encoding: stream.encoding, limitBytes: lookBytes });
  } catch {
    return undefined;
  }
}
