import { whyNotWindowsName } from '@holdfast/domain';
import { unsupported } from './registry-error.ts';

/**
 * Holds the paths of a tree, which anyone who may write to its store can have made, to what the platform reads as
 * paths in a folder. That they have no `..` is a rule of trees.
 *
 * @throws StorageError `unsupported` naming the first one that would be something else.
 */
export function assertLocalPaths(paths: readonly string[], platform: NodeJS.Platform): void {
  if (platform !== 'win32') return;
  for (const path of paths) {
    for (const name of path.split('/')) {
      const reason = whyNotWindowsName(name);
      if (reason === undefined) continue;
      throw unsupported(
        `${JSON.stringify(path)} cannot be written on Windows: ${JSON.stringify(name)} ${reason}.`,
        'Write the version on another platform, or save the folder again under other names.',
      );
    }
  }
}
