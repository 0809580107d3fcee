import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install } from './install.mjs';
import { packInto } from './pack-into.mjs';
import { captureCommand } from './run-command.mjs';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-command-'));
try {
  process.exitCode =
    (await install()) || (await packInto(folder, ['./apps/cli'])) || (await installGlobally());
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Installs the packed command where npm keeps the commands of this user. */
async function installGlobally() {
  const [packed = ''] = readdirSync(folder);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const options = { env: process.env, shell: process.platform === 'win32' };
  const installed = await captureCommand(npm, ['install', '--global', join(folder, packed)], options);
  if (installed.exitCode !== 0) {
    process.stderr.write(installed.output);
    process.stderr.write('error: npm could not install the command; the cause is above.\n');
    return installed.exitCode;
  }
  const { stdout } = await captureCommand(npm, ['prefix', '--global'], options);
  process.stdout.write(
    `✓ Installed holdfast in ${join(stdout.trim(), 'bin')}. It needs Node 22.18 or newer.\n`,
  );
  process.stdout.write('  Remove it with: npm uninstall --global @holdfast/cli\n');
  return 0;
}
