/** Gathers chunks in memory of its own. The expected size is a promise of the caller's, not of the chunks. */
export async function collectBytes(
  chunks: AsyncIterable<Uint8Array>,
  expectedBytes: number,
): Promise<Uint8Array> {
  let bytes = new Uint8Array(expectedBytes);
  let filledBytes = 0;
  for await (const chunk of chunks) {
    if (filledBytes + chunk.byteLength > bytes.byteLength)
      bytes = grown(bytes, filledBytes + chunk.byteLength);
    bytes.set(chunk, filledBytes);
    filledBytes += chunk.byteLength;
  }
  return bytes.subarray(0, filledBytes);
}

function grown(bytes: Uint8Array<ArrayBuffer>, neededBytes: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(neededBytes, bytes.byteLength * 2));
  larger.set(bytes);
  return larger;
}
