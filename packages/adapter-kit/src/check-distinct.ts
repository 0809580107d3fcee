import { type OperationContext, StorageError, type TransactionOperation } from '@holdfast/ports';

/** Two steps on one key would leave open which of them counts. */
export function checkDistinct(operations: readonly TransactionOperation[], context: OperationContext): void {
  const seen = new Set<string>();
  for (const { key } of operations) {
    if (seen.has(key)) {
      throw new StorageError({
        ...context,
        code: 'invalid-argument',
        key,
        message: `The transaction names ${JSON.stringify(key)} twice.`,
        hint: 'Every key has at most one step in a transaction.',
      });
    }
    seen.add(key);
  }
}
