import type { UtcTimestamp } from '@holdfast/domain';
import type { VerifiedObject } from '@holdfast/registry';

/** What `verify --json` answers. */
export interface VerifyDocument {
  /** Whether everything was looked at. */
  readonly isComplete: boolean;
  /** Whether everything was looked at and is as it was saved now, repaired if need be. */
  readonly isIntact: boolean;
  /** How many objects were looked at, those before an interruption included. */
  readonly objectCount: number;
  readonly sizeBytes: number;
  /** When the run began that was gone on with. */
  readonly resumedFrom?: UtcTimestamp;
  /** What was not intact, repaired or not. */
  readonly findings: readonly VerifiedObject[];
  /** Every version that needs something that is not intact now, as `NAME:NUMBER`. */
  readonly affected: readonly string[];
}

/** What is not intact and was not repaired. */
export function remaining(findings: readonly VerifiedObject[]): readonly VerifiedObject[] {
  return findings.filter(({ repair }) => repair?.isRepaired !== true);
}

/** The versions that need something of it, sorted, each once. */
export function affectedBy(findings: readonly VerifiedObject[]): readonly string[] {
  return [
    ...new Set(findings.flatMap(({ affected }) => affected.map(({ reference }) => reference))),
  ].toSorted();
}
