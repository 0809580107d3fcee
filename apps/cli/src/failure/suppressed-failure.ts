/**
 * What failed first, when closing failed after it: that is what matters. Told by the name, since the class is not
 * there on Node 22, where the compiler brings its own.
 */
export function suppressedFailure(error: unknown): { readonly first: unknown } | undefined {
  const isSuppressed = error instanceof Error && error.name === 'SuppressedError' && 'suppressed' in error;
  return isSuppressed ? { first: error.suppressed } : undefined;
}
