import type { JsonValue } from '@holdfast/domain';

/** One step of the tour: what is shown, by which command, and what it has to end with. */
export interface TourStep {
  readonly title: string;
  /** What to look at, as a sentence. */
  readonly explanation: string;
  /** What the user would type after `holdfast`. */
  readonly commandLine: readonly string[];
  /** @default 0 */
  readonly exitCode?: number;
  /** Done before the command runs; what it answers is shown. */
  readonly prepare?: () => Promise<string>;
  /** Done after it; what it answers is shown. Throws when the step did not hold what it promises. */
  readonly conclude?: () => Promise<string>;
}

/** What became of a step, for `quickstart --json`. */
export interface TourStepReport {
  readonly title: string;
  readonly command: string;
  readonly exitCode: number;
  /** What the command answered with `--json`, one entry a line. */
  readonly answers: readonly JsonValue[];
  readonly notes: readonly string[];
  readonly durationMs: number;
}
