import { constants, copyFile } from 'node:fs/promises';
import { Hdf5Editor } from './hdf5-editor.ts';
import { Hdf5File } from './hdf5-file.ts';
import { loadH5wasm } from './load-h5wasm.ts';
import { NewFile, type WriteHdf5Options } from './new-file.ts';
import { atPlace } from './to-hdf5-error.ts';

/**
 * Changes a file, with h5wasm: rows are appended to datasets that may grow, or written over, groups are made and attributes
 * set. The work is done on a copy, which takes the place of the file when it is on the disk: readers see the old file or the
 * new one, and when the writer fails or is killed the old one stays. Where the file system can share blocks the copy costs
 * next to nothing.
 *
 * @throws Hdf5Error `not-found`, `corrupt`, `locked` after `waitMs`, `permission-denied`, `quota-exceeded`, and what `edit` throws.
 */
export async function editHdf5(
  path: string,
  edit: (editor: Hdf5Editor) => Promise<void> | void,
  options: Omit<WriteHdf5Options, 'mode'> = {},
): Promise<void> {
  const { File, ready } = await loadH5wasm();
  await using target = await NewFile.begin(path, { ...options, mode: 'replace' });
  await using original = await Hdf5File.open(path, { signal: options.signal });
  await atPlace({ file: path }, async () => {
    await copyFile(path, target.temporaryPath, constants.COPYFILE_FICLONE);
    const file = new File(target.temporaryPath, 'a');
    try {
      await edit(new Hdf5Editor(file, original, await ready));
      options.signal?.throwIfAborted();
    } finally {
      file.close();
    }
    await target.publish();
  });
}
