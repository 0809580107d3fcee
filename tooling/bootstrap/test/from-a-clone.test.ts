import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const bootstrap = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'holdfast-from-a-clone-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const environment = {
  ...process.env,
  npm_config_prefix: folder,
  npm_config_cache: join(folder, 'cache'),
  INIT_CWD: folder,
  NODE_COMPILE_CACHE: join(folder, 'compile-cache'),
};

/** Runs a script as `npm run` does, with npm's own files and the user's commands in a folder of the test. */
function run(script: string, ...words: readonly string[]): string {
  return execFileSync(process.execPath, [join(bootstrap, script), ...words], {
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

it('puts the command on the path', { timeout: 300_000 }, () => {
  expect(run('install-command.mjs')).toContain(`Installed holdfast in ${join(folder, 'bin')}`);
  const installed = join(folder, 'bin', 'holdfast');
  const { stdout } = spawnSync(process.execPath, [installed, '--version'], {
    env: environment,
    encoding: 'utf8',
  });
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it('packs what a program installs', { timeout: 300_000 }, () => {
  expect(run('pack-packages.mjs', 'packages')).toMatch(
    /Packed \d+ packages\..*npm install packages\/\*\.tgz/,
  );
  const packed = readdirSync(join(folder, 'packages'));
  expect(packed).toContain('holdfast-storage-0.0.0.tgz');
  expect(packed).toContain('holdfast-adapter-filesystem-0.0.0.tgz');
  expect(packed.some((name) => name.includes('tooling'))).toBe(false);
});
