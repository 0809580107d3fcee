import { EventEmitter } from 'node:events';
import { expect, test, vi } from 'vitest';
import { Interruption } from './interruption.ts';

function fakeProcess(): NodeJS.Process & { readonly exit: ReturnType<typeof vi.fn> } {
  return Object.assign(new EventEmitter(), { exit: vi.fn<() => void>() }) as unknown as ReturnType<
    typeof fakeProcess
  >;
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('the first %s aborts, the second ends with %i at once', (signal, exitCode) => {
  const process = fakeProcess();
  const interruption = new Interruption(process);
  expect([interruption.signal.aborted, interruption.exitCode]).toEqual([false, undefined]);
  process.emit(signal, signal);
  expect([interruption.signal.aborted, interruption.exitCode]).toEqual([true, exitCode]);
  expect(process.exit).not.toHaveBeenCalled();
  process.emit(signal, signal);
  expect(process.exit).toHaveBeenCalledWith(exitCode);
});
