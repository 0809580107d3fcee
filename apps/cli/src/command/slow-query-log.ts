import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SlowQuery } from '@holdfast/composition';
import type { Output } from '../output/output.ts';

const fileName = 'slow-queries.log';

/** A longer log is set aside, in the place of the one before. */
const longestLogBytes = 1_048_576;

export interface SlowQueryLogOptions {
  /** The folder for what a program knows of its last runs. */
  readonly folder: string;
  readonly output: Pick<Output, 'isVerbose' | 'complain'>;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/**
 * Notes each statement of the database that took longer than a second: a line of JSON in `slow-queries.log` of the
 * user's state folder, without values, and with `--verbose` a line for people. A log that cannot be written keeps no
 * command from its work.
 */
export function slowQueryLog({
  folder,
  output,
  now = Date.now,
}: SlowQueryLogOptions): (query: SlowQuery) => void {
  const path = join(folder, fileName);
  return ({ sql, durationMs }) => {
    if (output.isVerbose) output.complain(`slow query: ${(durationMs / 1_000).toFixed(1)} s: ${sql}`);
    const entry = { at: new Date(now()).toISOString(), durationMs: Math.round(durationMs), sql };
    try {
      mkdirSync(folder, { recursive: true });
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > longestLogBytes)
        renameSync(path, `${path}.1`);
      appendFileSync(path, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
    } catch (error) {
      if (output.isVerbose) output.complain(`slow query: it could not be noted in ${path}: ${String(error)}`);
    }
  };
}
