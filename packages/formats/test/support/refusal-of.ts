import { FormatError } from '../../src/index.ts';

/** The `FormatError` that an action is refused with; anything else fails the test. */
export async function refusalOf(action: () => Promise<unknown>): Promise<FormatError> {
  try {
    const value = await action();
    throw new Error(`accepted: ${JSON.stringify(value).slice(0, 300)}`);
  } catch (error) {
    if (FormatError.isInstance(error)) return error;
    throw error;
  }
}
