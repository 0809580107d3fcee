import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('own-a-server.ts', import.meta.url));

test('a server ends soon after its owner was killed, and its data goes', async () => {
  const owner = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(owner.stdout, 'data')) as [Buffer];
  const { address, folder } = JSON.parse(said.toString()) as Record<'address' | 'folder', string>;
  expect((await fetch(address)).ok).toBe(true);
  expect(existsSync(folder)).toBe(true);
  const ended = once(owner, 'exit');
  owner.kill('SIGKILL');
  await ended;
  await expect
    .poll(
      () =>
        fetch(address).then(
          () => 'answers',
          () => 'is gone',
        ),
      { timeout: 20_000 },
    )
    .toBe('is gone');
  await expect.poll(() => existsSync(folder), { timeout: 20_000 }).toBe(false);
});
