import { rename } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { systemCodeOf } from './system-failure.ts';

/** What Windows answers while another process, such as a virus scanner or an indexer, has a file open. */
const heldOpen: ReadonlySet<string | undefined> = new Set(['EBUSY', 'EPERM', 'EACCES']);

const firstPauseMs = 10;
const longestPauseMs = 200;
const longestMs = 2_000;

/** The system that a rename goes to; tests give another one. */
export interface RenameSystem {
  readonly platform: NodeJS.Platform;
  readonly rename: (from: string, to: string) => Promise<void>;
  readonly sleep: (ms: number) => Promise<unknown>;
}

const ownSystem: RenameSystem = { platform: process.platform, rename, sleep: setTimeout };

/**
 * Moves a file or folder, in place of what has the name. On Windows, a rename that is refused because another process
 * has one of the two open is repeated for up to two seconds; everywhere else such a refusal is final.
 *
 * @throws the system's error, that of the last attempt.
 */
export async function renamePatiently(
  from: string,
  to: string,
  { platform, rename: move, sleep }: RenameSystem = ownSystem,
): Promise<void> {
  let waitedMs = 0;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await move(from, to);
    } catch (error) {
      const isHeldOpen = platform === 'win32' && heldOpen.has(systemCodeOf(error));
      if (!isHeldOpen || waitedMs >= longestMs) throw error;
    }
    await sleep(pauseMs);
    waitedMs += pauseMs;
  }
}
