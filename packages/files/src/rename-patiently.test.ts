import { expect, test } from 'vitest';
import { renamePatiently } from './rename-patiently.ts';

/** A system whose renames fail with these codes, one after another, and then succeed. */
class FailingSystem {
  readonly platform: NodeJS.Platform;
  readonly pausesMs: number[] = [];
  readonly #codes: Iterator<string>;
  renames = 0;

  constructor(codes: Iterable<string>, platform: NodeJS.Platform = 'win32') {
    this.#codes = codes[Symbol.iterator]();
    this.platform = platform;
  }

  readonly rename = async (from: string, to: string): Promise<void> => {
    this.renames++;
    const { done, value: code } = this.#codes.next();
    if (done !== true) throw Object.assign(new Error(`${from} to ${to}: ${code}`), { code });
  };

  readonly sleep = async (ms: number): Promise<void> => void this.pausesMs.push(ms);
}

const rename = (system: FailingSystem): Promise<void> => renamePatiently('a', 'b', system);

test('a file that another process has open on Windows is replaced when that is over', async () => {
  const system = new FailingSystem(['EBUSY', 'EPERM', 'EACCES', 'EPERM']);
  await rename(system);
  expect([system.renames, system.pausesMs]).toEqual([5, [10, 20, 40, 80]]);
});

test('one that stays open is given up after a bounded time, with the error of the last attempt', async () => {
  const endless = function* (): Generator<string> {
    yield 'EBUSY';
    for (;;) yield 'EPERM';
  };
  const system = new FailingSystem(endless());
  await expect(rename(system)).rejects.toMatchObject({ code: 'EPERM', message: 'a to b: EPERM' });
  const waitedMs = system.pausesMs.reduce((sum, ms) => sum + ms, 0);
  expect(waitedMs).toBeGreaterThanOrEqual(2_000);
  expect(waitedMs).toBeLessThan(2_200);
  expect(Math.max(...system.pausesMs)).toBe(200);
  expect(system.renames).toBe(system.pausesMs.length + 1);
});

test.each(['ENOENT', 'ENOSPC', 'EXDEV', 'ENOTEMPTY', 'EISDIR'])(
  '%s is final on Windows, too',
  async (code) => {
    const system = new FailingSystem([code]);
    await expect(rename(system)).rejects.toMatchObject({ code });
    expect(system.renames).toBe(1);
  },
);

test.each(['EBUSY', 'EPERM', 'EACCES'])('%s is final everywhere else', async (code) => {
  for (const platform of ['linux', 'darwin'] as const) {
    const system = new FailingSystem([code], platform);
    await expect(rename(system)).rejects.toMatchObject({ code });
    expect([system.renames, system.pausesMs]).toEqual([1, []]);
  }
});
