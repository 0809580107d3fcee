import { FormatError } from '../format-error.ts';

/** An error of this format. */
export function torchError(
  reason: string,
  offset: number,
  hint = 'The file is damaged or cut short: fetch it again, or save it again.',
): FormatError {
  return new FormatError({ format: 'pytorch_state_dict', offset, reason, hint });
}

/** An error for what torch allows and is not read here. */
export function torchUnsupported(
  reason: string,
  offset: number,
  hint = 'Convert it to plain tensors in Python and save those.',
): FormatError {
  return new FormatError({ format: 'pytorch_state_dict', offset, reason, hint, isUnsupported: true });
}
