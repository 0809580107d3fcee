import { isChangedFile, isSameFileState, undefinedIfMissing } from '@holdfast/files';
import { type LocalFileSource, type OnProgress, type SaveReceipt, fileSource } from '@holdfast/storage';
import { forEachAtOnce } from '@holdfast/work';
import { FolderProgress } from './folder-progress.ts';
import { keepsChanging, mostReadings } from './read-still.ts';
import { type FolderFile, type WalkFolderOptions, type WalkedFolder, walkFolder } from './walk-folder.ts';

/** How many files of a folder are on their way at once. */
const filesAtOnce = 8;

/** A file of a folder that is in the store. */
export interface SavedFile {
  readonly file: FolderFile;
  readonly receipt: SaveReceipt;
}

export interface ReadFolderOptions extends WalkFolderOptions {
  readonly save: (source: LocalFileSource, onProgress: OnProgress) => Promise<SaveReceipt>;
  /** Called with the progress of all files together. */
  readonly onProgress?: OnProgress | undefined;
}

/** A folder as it was at one moment. */
export interface ReadFolder extends Omit<WalkedFolder, 'files'> {
  readonly files: readonly SavedFile[];
}

/**
 * Reads a folder as it is at one moment: when all is read, every file is as it was when it was read, and none has
 * come or gone. What was changed meanwhile is read again once.
 *
 * @throws StorageError `precondition-failed` naming what was changed at that reading too; what the walk throws.
 */
export async function readFolder(folder: string, options: ReadFolderOptions): Promise<ReadFolder> {
  const saved = new Map<string, SavedFile>();
  let walked = await walkFolder(folder, options);
  await saveFiles(walked.files, saved, options);
  for (let reading = 1; ; reading++) {
    walked = await walkFolder(folder, options);
    const unread = walked.files.filter((file) => !isSaved(file, saved));
    const [changed] = unread;
    if (changed === undefined)
      return { ...walked, files: walked.files.map((file) => saved.get(file.path) as SavedFile) };
    if (reading === mostReadings) throw keepsChanging(changed.location);
    // What is read again was counted already.
    await saveFiles(unread, saved, { ...options, onProgress: undefined });
  }
}

function isSaved(file: FolderFile, saved: ReadonlyMap<string, SavedFile>): boolean {
  const known = saved.get(file.path);
  return known !== undefined && isSameFileState(known.file.state, file.state);
}

async function saveFiles(
  files: readonly FolderFile[],
  saved: Map<string, SavedFile>,
  { save, onProgress = () => undefined }: ReadFolderOptions,
): Promise<void> {
  const sizes = files.map(({ sizeBytes }) => sizeBytes);
  const progress = new FolderProgress(sizes, onProgress);
  const saveOne = async (file: FolderFile, index: number): Promise<void> => {
    const found = await saveStill(file, (source) => save(source, (part) => progress.advance(index, part)));
    if (found !== undefined) saved.set(file.path, found);
    progress.finish(index);
  };
  await forEachAtOnce(files, saveOne, { atOnce: filesAtOnce });
}

/** @returns `undefined` for a file that is written to or removed meanwhile: the next walk shows what became of it. */
async function saveStill(
  file: FolderFile,
  save: (source: LocalFileSource) => Promise<SaveReceipt>,
): Promise<SavedFile | undefined> {
  const source = await fileSource(file.location).catch(undefinedIfMissing);
  if (source === undefined) return undefined;
  try {
    return { file: { ...file, state: source.state }, receipt: await save(source) };
  } catch (error) {
    if (isChangedFile(error) || (await source.hasChanged())) return undefined;
    throw error;
  }
}
