import { FormatError } from '../format-error.ts';

/** An error of this format. */
export function matlabError(reason: string, offset: number): FormatError {
  const hint = 'The file is damaged or cut short: fetch it again, or save it again.';
  return new FormatError({ format: 'matlab', offset, reason, hint });
}
