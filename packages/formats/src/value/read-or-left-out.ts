import { InvalidValueError } from '@holdfast/domain';
import { FormatError } from '../format-error.ts';
import type { LazyValue } from './lazy-value.ts';
import type { LeaveOut } from './leave-out.ts';
import type { Value } from './value.ts';

/** The value; `undefined` where it is stored in a way that is not read and was handed to `leaveOut`. */
export async function readOrLeftOut(
  value: LazyValue,
  {
    leaveOut,
    signal,
  }: { readonly leaveOut?: LeaveOut | undefined; readonly signal?: AbortSignal | undefined },
): Promise<Value | undefined> {
  try {
    return await value.read({ signal });
  } catch (error) {
    if (leaveOut === undefined || !FormatError.isInstance(error) || !error.isUnsupported) throw error;
    const reason = `cannot be read: ${error.reason}`;
    const { name: field, typeText } = value;
    leaveOut(field, new InvalidValueError({ field, value: typeText, reason, hint: error.hint }));
    return undefined;
  }
}
