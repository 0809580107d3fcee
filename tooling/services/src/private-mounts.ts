import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';

/**
 * The command before a command that may mount: what it mounts is seen by it alone and gone with it. As root a mount
 * namespace is enough; others need one for users too. `undefined` after one loud line where the kernel or the
 * container forbids it: that is a limit of the machine, which nothing that could be installed would change.
 */
export function privateMounts(): readonly string[] | undefined {
  const parameters = process.getuid?.() === 0 ? ['--mount'] : ['--map-root-user', '--mount'];
  const attempt = spawnSync('unshare', [...parameters, 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]);
  if (attempt.status === 0) return ['unshare', ...parameters];
  process.stderr.write(
    '!!! SKIPPED: this machine does not let the tests mount (unshare --mount): no read-only and no full disks\n',
  );
  return undefined;
}
