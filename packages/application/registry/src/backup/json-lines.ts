import { damagedBackup } from './backup-error.ts';

/** No record is longer: what versions hold is bounded, far below this; older ones have every tensor of a file in it. */
const longestLineBytes = 268_435_456;

/** Prints a value as one line. */
export function printJsonLine(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

/**
 * Reads values that stand one on a line.
 *
 * @throws StorageError `corrupt` when a line is none, or is too long.
 */
export async function* readJsonLines(chunks: AsyncIterable<Uint8Array>): AsyncIterable<unknown> {
  let parts: Buffer[] = [];
  let lengthBytes = 0;
  let number = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
      number += 1;
      yield parseLine(Buffer.concat([...parts, chunk.subarray(start, end)]), number);
      parts = [];
      lengthBytes = 0;
      start = end + 1;
    }
    parts.push(Buffer.from(chunk.subarray(start)));
    lengthBytes += chunk.byteLength - start;
    if (lengthBytes > longestLineBytes) throw damagedBackup(`line ${number + 1} of its records is too long`);
  }
  if (lengthBytes > 0) throw damagedBackup('its records end in the middle of a line');
}

function parseLine(line: Buffer, number: number): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    throw damagedBackup(`line ${number} of its records is not JSON`);
  }
}
