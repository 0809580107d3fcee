/** The tag of a data element. */
export function tag(type: number, sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, sizeBytes >>> 0, true);
  return bytes;
}

/**
 * A data element: its tag, its content without a copy, and zeros up to the next multiple of 8. Up to 4 bytes take the
 * place of the length, as in MATLAB: Octave reads some elements in that form alone.
 */
export function element(type: number, ...content: readonly Uint8Array[]): readonly Uint8Array[] {
  const sizeBytes = sizeOf(content);
  if (sizeBytes > 0 && sizeBytes <= 4)
    return [smallTag(type, sizeBytes), ...content, new Uint8Array(4 - sizeBytes)];
  return [tag(type, sizeBytes), ...content, new Uint8Array((8 - (sizeBytes % 8)) % 8)];
}

function smallTag(type: number, sizeBytes: number): Uint8Array {
  return tag(type + sizeBytes * 0x1_0000, 0).subarray(0, 4);
}

/** The bytes of pieces together. */
export function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((total, { byteLength }) => total + byteLength, 0);
}
