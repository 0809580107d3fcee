import { spawn, execFileSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Interruption } from './interruption.ts';

function subject(resources: string[] = ['Timeout']) {
  let nowMs = 0;
  const exit = vi.fn<(code?: number) => void>();
  const kill = vi.fn<(pid: number, name: string) => void>();
  const getActiveResourcesInfo = (): string[] => resources;
  const process = Object.assign(new EventEmitter(), { exit, kill, pid: 42, getActiveResourcesInfo });
  const interruption = new Interruption(process as unknown as NodeJS.Process, { now: () => nowMs });
  const send = (name: string, atMs: number): void => {
    nowMs = atMs;
    process.emit(name);
  };
  return { interruption, process, exit, kill, send };
}

describe('signals', () => {
  test('the first one asks to stop, the second one ends at once with the code of the first', () => {
    const { interruption, exit, send } = subject();
    expect(interruption.exitCode).toBeUndefined();
    send('SIGTERM', 1_000);
    expect(interruption.signal.aborted).toBe(true);
    expect(interruption.exitCode).toBe(143);
    expect(exit).not.toHaveBeenCalled();
    send('SIGINT', 1_200);
    expect(exit).toHaveBeenCalledExactlyOnceWith(143);
  });

  test('two within a moment are one, as a process group and its parent deliver them', () => {
    const { interruption, exit, send } = subject();
    send('SIGINT', 1_000);
    send('SIGINT', 1_199);
    expect(exit).not.toHaveBeenCalled();
    expect(interruption.exitCode).toBe(130);
  });
});

test('where a system call does not return, the second one lets the system end the process', () => {
  const { process, kill, send } = subject(['Timeout', 'FSReqPromise']);
  send('SIGINT', 1_000);
  expect(kill).not.toHaveBeenCalled();
  send('SIGTERM', 1_300);
  expect(kill).toHaveBeenCalledExactlyOnceWith(42, 'SIGINT');
  expect(process.listenerCount('SIGINT')).toBe(0);
});

test('orderly work ends with the exit code when the last requests to the system have ended', async () => {
  const resources = ['FSReqPromise'];
  const { interruption, exit, kill, send } = subject(resources);
  send('SIGINT', 1_000);
  interruption.end();
  expect(exit).not.toHaveBeenCalled();
  resources.pop();
  await vi.waitFor(() => expect(exit).toHaveBeenCalledExactlyOnceWith(130));
  expect(kill).not.toHaveBeenCalled();
});

/** Opens a pipe that nothing writes to, which blocks a thread until the process dies. */
const blocked = `
  const { Interruption } = await import(process.argv[1]);
  const { open } = await import('node:fs/promises');
  const interruption = new Interruption(process);
  void open(process.argv[2]);
  setInterval(() => undefined, 1_000);
  console.log('ready');
`;

test('a system call that does not return ends within a second after one signal', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const module = new URL('interruption.ts', import.meta.url).href;
  const child = spawn(process.execPath, ['--input-type=module', '-e', blocked, module, pipe]);
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const ended = once(child, 'exit');
  const askedMs = performance.now();
  child.kill('SIGINT');
  expect(await ended).toEqual([null, 'SIGINT']);
  // Generous, for machines that do other things too.
  expect(performance.now() - askedMs).toBeLessThan(3_000);
});
