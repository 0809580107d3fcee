import { InvalidValueError } from '@holdfast/domain';
import { FormatError } from '../../format-error.ts';
import type { Lost, ValueAttribute } from '../../value/value-attribute.ts';
import type { Value } from '../../value/value.ts';
import { attributeMessages } from './encode-object-header.ts';

/** What attributes belong to, and what is called with those that are lost. */
export interface AttributeOwner {
  /** The path of the object; `/` for the root. */
  readonly name: string;
  readonly onLost: ((lost: Lost) => void) | undefined;
}

const nowhere = { next: () => 0, store: (): void => undefined };

/**
 * The attributes that have a form in a file that is written; the others, and what their types state besides, are lost.
 *
 * @throws InvalidValueError, FormatError for an attribute without a form where there is no `onLost`.
 */
export async function keptAttributes(
  attributes: readonly ValueAttribute[],
  { name, onLost }: AttributeOwner,
): Promise<ReadonlyMap<string, Value>> {
  const kept = new Map<string, Value>();
  for (const attribute of attributes) {
    const value = await encodable(attribute, onLost === undefined);
    const losses = value === undefined ? [''] : attribute.lost.map((what) => `${what} of `);
    for (const what of losses) onLost?.({ name, what: `${what}attribute ${attribute.name}` });
    if (value !== undefined) kept.set(attribute.name, value);
  }
  return kept;
}

async function encodable(attribute: ValueAttribute, isDue: boolean): Promise<Value | undefined> {
  try {
    const value = await attribute.read();
    attributeMessages(new Map([[attribute.name, value]]), nowhere);
    return value;
  } catch (error) {
    const hasNoForm =
      InvalidValueError.isInstance(error) || (FormatError.isInstance(error) && error.isUnsupported);
    if (hasNoForm && !isDue) return undefined;
    throw error;
  }
}
