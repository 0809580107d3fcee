/** The errors of Holdfast's packages, by the names of their markers. */
export type MarkedErrorName = 'storage-error' | 'format-error' | 'configuration-error';

/**
 * Whether a caught value is one of Holdfast's own errors, whichever copy of its package made it.
 * The marker is looked at rather than the class, so that telling an error loads no package.
 */
export function isMarked(error: unknown, name: MarkedErrorName): error is Error {
  return error instanceof Error && Symbol.for(`holdfast.${name}`) in error;
}
