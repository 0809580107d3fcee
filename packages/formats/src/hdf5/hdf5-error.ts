import { FormatError } from '../format-error.ts';

/** An error of this format: the bytes break its rules. */
export function hdf5Error(reason: string, offset: number, cause?: unknown): FormatError {
  const hint =
    'The file is cut short or damaged, or was not closed by its writer: fetch it again, or write it again.';
  return new FormatError({ format: 'hdf5', offset, reason, hint, cause });
}

/** An error for what the format allows and this reader does not read. */
export function hdf5Unsupported(
  reason: string,
  offset: number,
  hint: string = 'The file may be whole; read this part with h5py, or convert it there.',
): FormatError {
  return new FormatError({ format: 'hdf5', offset, reason, hint, isUnsupported: true });
}
