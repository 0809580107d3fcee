import { type ObjectKey, whyNotKeyPrefix, whyNotObjectKey } from '@holdfast/domain';
import { type OperationContext, StorageError } from '@holdfast/ports';

/**
 * Checks a key against the rules that hold on every backend.
 *
 * @throws StorageError `invalid-key` naming the rule that it breaks.
 */
export function checkKey(key: string, context: OperationContext): ObjectKey {
  refuse(typeof key === 'string' ? whyNotObjectKey(key) : 'is not a text', key, context);
  return key as ObjectKey;
}

/**
 * Checks the beginning of keys: it may be empty and may end inside a segment.
 *
 * @throws StorageError `invalid-key` naming the rule that it breaks.
 */
export function checkKeyPrefix(prefix: string, context: OperationContext): string {
  refuse(whyNotKeyPrefix(prefix), prefix, context);
  return prefix;
}

function refuse(reason: string | undefined, key: string, context: OperationContext): void {
  if (reason === undefined) return;
  throw new StorageError({
    ...context,
    code: 'invalid-key',
    key,
    message: `The key ${JSON.stringify(key)} ${reason}.`,
    hint: 'A key is 1 to 512 bytes of UTF-8 in at most 100 segments separated by "/", none empty, "." or "..".',
  });
}
