/** The bytes of pieces that may be lent, joined. */
export async function gather(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const kept: Uint8Array[] = [];
  for await (const piece of pieces) kept.push(piece.slice());
  return Uint8Array.from(Buffer.concat(kept));
}
