import { FileLockManager } from '../src/index.ts';

/** Takes a lock, says so, and holds it until it is killed; or adds 1 to a file many times, under the lock. */
const [folder = '', name = '', counter, times] = process.argv.slice(2);
const locks = new FileLockManager({ folder });
if (counter === undefined) {
  await locks.acquire(name);
  process.stdout.write('held');
  setInterval(() => {}, 1_000);
} else {
  const { readFileSync, writeFileSync } = await import('node:fs');
  for (let index = 0; index < Number(times); index += 1) {
    const lock = await locks.acquire(name);
    const count = Number(readFileSync(counter, 'utf8'));
    await new Promise((resolve) => setImmediate(resolve));
    writeFileSync(counter, String(count + 1));
    await lock[Symbol.asyncDispose]();
  }
}
