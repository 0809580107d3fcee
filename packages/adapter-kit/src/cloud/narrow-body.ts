import type { ResolvedRange } from '../resolve-range.ts';
import type { OpenedObject } from './cloud-driver.ts';

/** The wanted part of an answer that gives more than was asked for. */
export function narrowBody(opened: OpenedObject, wanted: ResolvedRange): OpenedObject {
  const begin = wanted.offset - opened.range.offset;
  return { ...opened, range: wanted, body: slice(opened.body, begin, begin + wanted.length) };
}

async function* slice(
  body: AsyncIterable<Uint8Array>,
  begin: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  let position = 0;
  for await (const chunk of body) {
    const from = Math.max(begin - position, 0);
    const to = Math.min(end - position, chunk.byteLength);
    if (from < to) yield chunk.subarray(from, to);
    position += chunk.byteLength;
    if (position >= end) return;
  }
}
