/** Replaces a file twice, and skips the syncs that its arguments name: what a power cut finds in it is known. */
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const [path = '', ...forgotten] = process.argv.slice(2);

for (const text of ['second', 'third']) {
  const file = openSync(`${path}.new`, 'wx');
  writeSync(file, text);
  if (!forgotten.includes('file')) fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.new`, path);
  const folder = openSync(dirname(path), 'r');
  if (!forgotten.includes('folder')) fsyncSync(folder);
  closeSync(folder);
  writeSync(1, `done ${text}\n`);
}
