import { mkdirSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { install } from './install.mjs';
import { packInto } from './pack-into.mjs';

const workingFolder = process.env['INIT_CWD'] ?? process.cwd();
const folder = resolve(workingFolder, process.argv[2] ?? 'holdfast-packages');

process.exitCode = (await install()) || (await pack());

/** Packs every package into the folder and says how a program installs them. */
async function pack() {
  mkdirSync(folder, { recursive: true });
  const exitCode = await packInto(folder, ['./packages/**', './apps/cli']);
  if (exitCode !== 0) return exitCode;
  const count = readdirSync(folder).filter((name) => name.endsWith('.tgz')).length;
  const shown = relative(workingFolder, folder).startsWith('..')
    ? folder
    : `./${relative(workingFolder, folder)}`;
  process.stdout.write(`✓ Packed ${count} packages. In your program: npm install ${join(shown, '*.tgz')}\n`);
  return 0;
}
