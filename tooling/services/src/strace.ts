import { spawnSync } from 'node:child_process';
import { type Tool, defineTool } from './define-tool.ts';
import { findProgram } from './find-program.ts';
import { canInstallSystemPackages, installSystemPackages } from './install-system-packages.ts';

/** strace, which can kill a process at a given system call, or make the call fail. */
export const straceTool: Tool = defineTool({
  name: 'strace',
  variable: 'HOLDFAST_TEST_STRACE',
  systems: ['linux'],
  find: () => findProgram('strace'),
  install: async () => {
    if (!canInstallSystemPackages()) throw new Error('strace is a system package, and this is not root.');
    await installSystemPackages(['strace']);
  },
});

let probed: string | undefined;

/**
 * The strace that crash tests use, or `undefined` after one loud line where there is none, or where the machine forbids
 * tracing.
 *
 * @throws Error then when `CI` is `true`.
 */
export function strace(): string | undefined {
  const path = straceTool.path();
  if (path === undefined || path === probed) return path;
  const attempt = spawnSync(path, ['-f', '--seccomp-bpf', '-qqq', '-o', '/dev/null', 'true']);
  if (attempt.status === 0) return (probed = path);
  const message = 'strace cannot trace here: allow ptrace (in Docker, --cap-add=SYS_PTRACE)';
  if (process.env['CI'] === 'true') throw new Error(`${message}. ${String(attempt.stderr)}`);
  process.stderr.write(`!!! SKIPPED: ${message}\n`);
  return undefined;
}
