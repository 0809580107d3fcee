import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeLockManager, failureOf } from '@holdfast/conformance';
import { expect, test } from 'vitest';
import { FileLockManager } from '../src/index.ts';

function start(...parameters: readonly string[]): ChildProcess {
  const script = join(import.meta.dirname, 'hold-lock.ts');
  return spawn(process.execPath, ['--conditions=@holdfast/source', script, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function startHolder(folder: string, name: string): Promise<{ kill(): Promise<void> }> {
  const child = start(folder, name);
  if (child.stdout !== null) await once(child.stdout, 'data');
  return {
    kill: async () => {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

describeLockManager('FileLockManager', {
  setUp: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'locks-'));
    return {
      open: async () => new FileLockManager({ folder }),
      startHolder: (name) => startHolder(folder, name),
      [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
    };
  },
});

test('eight processes change one file under a lock, no change is lost', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'locks-'));
  const counter = join(folder, 'counter');
  await writeFile(counter, '0');
  const endings = Array.from({ length: 8 }, () => once(start(folder, 'counter', counter, '25'), 'close'));
  for (const ending of await Promise.all(endings)) expect(ending).toEqual([0, null]);
  expect(await readFile(counter, 'utf8')).toBe('200');
  expect(await readdir(folder)).toEqual(['.counter.lock', 'counter']);
  await rm(folder, { recursive: true });
});

test('a folder that does not exist is refused with what to do', async () => {
  const locks = new FileLockManager({ folder: join(tmpdir(), 'no-such-folder') });
  const error = await failureOf(locks.acquire('a'));
  expect(error).toMatchObject({ code: 'permission-denied', hint: expect.stringContaining('must exist') });
});

test('a lock file that cannot be opened is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'locks-'));
  await mkdir(join(folder, '.a.lock'));
  const error = await failureOf(new FileLockManager({ folder }).acquire('a'));
  expect(error.code).toBe('permission-denied');
  await rm(folder, { recursive: true });
});
