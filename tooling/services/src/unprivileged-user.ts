import { readFileSync } from 'node:fs';

/** A user of the system, as `spawn` takes one. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The user `nobody`, for servers that refuse to run as root; `undefined` when this process is not root.
 *
 * @throws Error when the system has no such user.
 */
export function unprivilegedUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'));
  if (line === null) throw new Error('this system has no user named nobody');
  return { uid: Number(line[1]), gid: Number(line[2]) };
}
