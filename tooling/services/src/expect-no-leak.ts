import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const most = 0.05;

/**
 * Does work many times and requires that nothing of it stays: as many open files and handles as before, and at most 5 %
 * more memory once garbage is collected. A tenth of the work is done first, so that what is loaded once is not counted.
 *
 * @throws Error that says what stayed.
 */
export async function expectNoLeak(times: number, work: () => Promise<void>): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const repeat = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) await work();
  };
  await repeat(Math.ceil(times / 10));
  const before = await state(collectGarbage);
  await repeat(times);
  const after = await state(collectGarbage);
  if (after.files > before.files || after.handles > before.handles)
    throw new Error(
      `Handles stay: ${JSON.stringify(before)} before, ${JSON.stringify(after)} after ${times} times.`,
    );
  if (after.bytes > before.bytes * (1 + most))
    throw new Error(`Memory stays: ${before.bytes} bytes before, ${after.bytes} after ${times} times.`);
}

async function state(
  collectGarbage: () => void,
): Promise<{ readonly files: number; readonly handles: number; readonly bytes: number }> {
  for (let round = 0; round < 3; round += 1) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  return { files: openFiles(), handles: process.getActiveResourcesInfo().length, bytes: heapUsed + external };
}

/** Linux lists the open files of a process; elsewhere handles have to do. */
function openFiles(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
}
