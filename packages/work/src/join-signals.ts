/** A signal that is aborted as soon as one of these is; signals that are not given are left out. */
export function joinSignals(own: AbortSignal, ...others: readonly (AbortSignal | undefined)[]): AbortSignal {
  const given = others.filter((signal) => signal !== undefined);
  return given.length === 0 ? own : AbortSignal.any([own, ...given]);
}
