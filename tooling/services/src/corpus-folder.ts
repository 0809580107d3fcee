import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const repository = resolve(import.meta.dirname, '..', '..', '..');

/**
 * The folder of real files that nobody here wrote, or `undefined` after one loud line.
 *
 * @throws Error where there is none and `CI` is `true`.
 */
export function corpusFolder(): string | undefined {
  const folder = resolve(process.env['HOLDFAST_CORPUS'] ?? join(repository, '..', 'shared', 'corpus'));
  if (existsSync(join(folder, 'onnx'))) return folder;
  const message = 'The corpus of real files is missing: set HOLDFAST_CORPUS to the folder that holds it';
  if (process.env['CI'] === 'true') throw new Error(message);
  process.stderr.write(`!!! SKIPPED: ${message}\n`);
  return undefined;
}
