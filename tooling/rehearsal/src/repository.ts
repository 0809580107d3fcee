import { dirname, join } from 'node:path';

/** The root of the repository. */
export const root: string = join(import.meta.dirname, '..', '..', '..');

const executable = process.platform === 'win32' ? 'node.exe' : 'node';
const rehearsal = join(import.meta.dirname, '..');

/** The Nodes that published packages are for, the oldest first, with the folder that holds the program. */
export const nodeFolders: Readonly<Record<'22' | '24', string>> = {
  22: join(rehearsal, 'node_modules', 'node22', 'bin'),
  24: dirname(process.execPath),
};

/** The program of a Node. */
export function nodeProgram(version: keyof typeof nodeFolders): string {
  return join(nodeFolders[version], executable);
}
