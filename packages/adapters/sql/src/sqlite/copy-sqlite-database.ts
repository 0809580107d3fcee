import { closeSync, existsSync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createCopyFile } from '@holdfast/adapter-kit';
import { syncFolderAtOnce } from '@holdfast/files';

/**
 * Copies the committed state of a database to a file beside it, synced to disk.
 * Synchronous, since it runs while the write lock is held by another connection.
 *
 * @returns the path of the copy: `<path>.v<version>.<time>.backup`.
 */
export function copySqliteDatabase(
  path: string,
  options: { readonly version: number; readonly nowMs: number },
): string {
  const time = new Date(options.nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const copyPath = unusedPath(`${path}.v${options.version}.${time}`);
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    createCopyFile(copyPath, path);
    database.prepare('vacuum into ?').run(copyPath);
  } finally {
    database.close();
  }
  syncToDisk(copyPath);
  syncFolderAtOnce(dirname(copyPath));
  return copyPath;
}

function unusedPath(stem: string): string {
  for (let attempt = 1; ; attempt++) {
    const path = attempt === 1 ? `${stem}.backup` : `${stem}.${attempt}.backup`;
    if (!existsSync(path)) return path;
  }
}

function syncToDisk(path: string): void {
  const descriptor = openSync(path, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
