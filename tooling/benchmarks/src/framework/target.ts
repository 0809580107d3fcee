/** What a figure has to reach. */
export interface Target {
  /**
   * What is compared: our figure divided by the peer's, our figure less the peer's,
   * or our figure alone; in milliseconds or bytes.
   */
  readonly of: 'ratio' | 'excess' | 'ours';
  readonly comparison: '≤' | '<';
  readonly value: number;
}

/** At most so many times a peer's figure. */
export function ratioOfAtMost(value: number): Target {
  return { of: 'ratio', comparison: '≤', value };
}

/** Less than a peer's figure. */
export const lessThanPeer: Target = { of: 'ratio', comparison: '<', value: 1 };

/** At most so much over a peer's figure. */
export function excessOfAtMost(value: number): Target {
  return { of: 'excess', comparison: '≤', value };
}

/** At most so much, whatever others need. */
export function atMost(value: number): Target {
  return { of: 'ours', comparison: '≤', value };
}

/** What a target looks at. */
export function achieved(target: Target, ours: number, peer: number | undefined): number {
  if (target.of === 'ours' || peer === undefined) return ours;
  return target.of === 'ratio' ? ours / peer : ours - peer;
}

/** Whether a figure reaches its target. */
export function isReached(target: Target, value: number): boolean {
  return target.comparison === '<' ? value < target.value : value <= target.value;
}
