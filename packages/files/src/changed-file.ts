/** What a local file that was written to while it was read is refused with: an error with the system's code `ESTALE`. */
export function changedFile(path: string): Error {
  const message = `${path} was changed while it was read`;
  return Object.assign(new Error(message), { code: 'ESTALE', path });
}

/** Whether a caught value is the refusal of a file that was written to while it was read. */
export function isChangedFile(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ESTALE';
}
