import { DetailLimit } from '../detail-limit.ts';
import type { BoundedReader } from '../source/bounded-reader.ts';
import { safetensorsError } from './safetensors-entry.ts';
import { type OnEntry, type SafetensorsHeader, parseSafetensorsHeader } from './safetensors-header.ts';

/** The longest header that the format allows, in bytes. */
const maximumHeaderBytes = 100_000_000;
const lengthFieldBytes = 8;

const parsed = new WeakMap<BoundedReader, Promise<SafetensorsHeader | undefined>>();

/**
 * Reads the header of a safetensors file: a 64-bit little-endian length, then that much JSON.
 * Gives `undefined` for bytes that do not begin like one. Parsed once a reader.
 *
 * @throws FormatError when the bytes begin like safetensors and break its rules.
 * @see https://huggingface.co/docs/safetensors for the format
 */
export function readSafetensorsHeader(reader: BoundedReader): Promise<SafetensorsHeader | undefined> {
  const header = parsed.get(reader) ?? readSafetensorsEntries(reader);
  parsed.set(reader, header);
  return header;
}

/** The same, with every tensor as it comes in the header. Whether they cover the file is checked after the last. */
export async function readSafetensorsEntries(
  reader: BoundedReader,
  onEntry?: OnEntry,
): Promise<SafetensorsHeader | undefined> {
  const head = await reader.read(0, 4096);
  if (head.length <= lengthFieldBytes || head[lengthFieldBytes] !== 0x7b) return undefined;
  if (!beginsLikeHeader(head.subarray(lengthFieldBytes + 1))) return undefined;
  const headerBytes = Number(new DataView(head.buffer, head.byteOffset).getBigUint64(0, true));
  if (headerBytes < 2 || headerBytes > maximumHeaderBytes) {
    if (!namesTensors(head)) return undefined;
    throw safetensorsError(
      `the header claims a length of ${headerBytes} bytes; 2 to ${maximumHeaderBytes} are allowed`,
      0,
    );
  }
  const dataStart = lengthFieldBytes + headerBytes;
  if (dataStart > reader.sizeBytes) {
    throw safetensorsError(
      `the header claims ${headerBytes} bytes and the file ends within it`,
      reader.sizeBytes,
    );
  }
  const header = await reader.read(lengthFieldBytes, headerBytes).catch((error: unknown) => {
    throw DetailLimit.isInstance(error) ? error.in('safetensors') : error;
  });
  const extent = { headerStart: lengthFieldBytes, dataStart, fileSizeBytes: reader.sizeBytes };
  return parseSafetensorsHeader(header, extent, onEntry);
}

function beginsLikeHeader(afterBrace: Uint8Array): boolean {
  const first = afterBrace.find((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09);
  return first === undefined || first === 0x22 || first === 0x7d;
}

function namesTensors(head: Uint8Array): boolean {
  const text = String.fromCharCode(...head);
  return text.includes('"dtype"') || text.includes('"__metadata__"');
}
