/** An unsigned integer of any number of bytes. */
export function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((total, byte) => total * 256 + byte, 0);
}
