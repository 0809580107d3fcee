import { findProgram } from './find-program.ts';
import { runProgram } from './run-program.ts';

let queue: Promise<void> = Promise.resolve();

/** Whether Debian's packages may be installed here: only as root, and not with `HOLDFAST_INSTALL_SYSTEM=0`. */
export function canInstallSystemPackages(): boolean {
  return (
    process.getuid?.() === 0 &&
    process.env['HOLDFAST_INSTALL_SYSTEM'] !== '0' &&
    findProgram('apt-get') !== undefined
  );
}

/** Installs Debian's packages, one call after the other: apt holds a lock. */
export async function installSystemPackages(names: readonly string[]): Promise<void> {
  if (!canInstallSystemPackages()) {
    throw new Error(`install these packages of your system, or run as root: ${names.join(' ')}`);
  }
  const turn = queue.then(() => installNow(names));
  queue = turn.catch(() => {});
  await turn;
}

async function installNow(names: readonly string[]): Promise<void> {
  await runProgram('apt-get', ['update']);
  await runProgram('apt-get', ['install', '--yes', '--no-install-recommends', ...names]);
}
