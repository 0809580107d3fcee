import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { captureCommand, runCommand, runInForeground } from '../run-command.mjs';

const moduleUrl = JSON.stringify(join(import.meta.dirname, '..', 'run-command.mjs'));

describe.each([
  { name: 'a program in the foreground', run: runInForeground },
  { name: 'a command', run: runCommand },
])('$name', ({ run }) => {
  it('hands on its exit code', async () => {
    expect(await run(process.execPath, ['-e', 'process.exit(7)'])).toBe(7);
  });

  it('hands on the signal that ended it as an exit code', async () => {
    expect(await run(process.execPath, ['-e', "process.kill(process.pid, 'SIGTERM')"])).toBe(143);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'is told of %s and decides how to end',
    async (signal) => {
      const inner = `process.on('${signal}', () => process.exit(9)); setInterval(() => {}, 1000); console.log('ready')`;
      expect(await endBySignal(run.name, inner, signal)).toEqual([9, null]);
    },
  );
});

describe('a command', () => {
  it('is told of a signal together with what it has started', async () => {
    const grandchild =
      "process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); console.log('ready')";
    const inner = `
      const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: 'inherit' });
      process.on('SIGTERM', () => {});
      child.on('exit', (code) => process.exit(code + 5));
    `;
    expect(await endBySignal(runCommand.name, inner, 'SIGTERM')).toEqual([5, null]);
  });

  it('hands on what it prints, when asked for it', async () => {
    const script = "console.log('one'); console.error('two')";
    const { stdout, output } = await captureCommand(process.execPath, ['-e', script]);
    expect(stdout).toBe('one\n');
    expect(output.split('\n').toSorted()).toEqual(['', 'one', 'two']);
  });
});

async function endBySignal(run: string, inner: string, signal: NodeJS.Signals): Promise<unknown> {
  const outer = `
    import { ${run} } from ${moduleUrl};
    process.exitCode = await ${run}(process.execPath, ['-e', ${JSON.stringify(inner)}]);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', outer], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill(signal);
  return once(child, 'exit');
}
