/** The name of a block: of one length, as Azure asks for all blocks of a blob, and of one upload alone. */
export function blockIdOf(uploadId: string, number: number): string {
  return Buffer.from(`${uploadId}-${String(number).padStart(5, '0')}`).toString('base64');
}
