import { InvalidValueError } from '@holdfast/domain';

/** Called with a value that cannot be written, and why. */
export type LeaveOut = (name: string, refusal: InvalidValueError) => void;

/**
 * What is made of a value; `undefined` where it cannot be written and was handed to `leaveOut`.
 *
 * @throws InvalidValueError for what cannot be written where there is no `leaveOut`.
 */
export function orLeftOut<T>(name: string, make: () => T, leaveOut: LeaveOut | undefined): T | undefined {
  try {
    return make();
  } catch (error) {
    if (leaveOut === undefined || !InvalidValueError.isInstance(error)) throw error;
    leaveOut(name, error);
    return undefined;
  }
}
