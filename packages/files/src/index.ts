export { assertFree } from './assert-free.ts';
export { changedFile, isChangedFile } from './changed-file.ts';
export { type FileState, fileStateOf, isSameFileState } from './file-state.ts';
export { type FolderSpace, folderSpace } from './folder-space.ts';
export { LocalAccess, localModes, type LocalModes } from './local-access.ts';
export { makeFolder } from './make-folder.ts';
export { isSpellable, longestNameBytes, type NameRules } from './name-rules.ts';
export { linkFile, publishOnce } from './publish-once.ts';
export { readFully } from './read-fully.ts';
export { readFullyAtOnce } from './read-fully-at-once.ts';
export { removeFile } from './remove-file.ts';
export { renamePatiently, type RenameSystem } from './rename-patiently.ts';
export { ScratchFile, scratchFileName } from './scratch-file.ts';
export { syncFolder, syncFolderAtOnce } from './sync-folder.ts';
export {
  aboutFile,
  isAbsent,
  isFolderInstead,
  isMissing,
  isTaken,
  isWithoutLinks,
  systemCodeOf,
  undefinedIfAbsent,
  undefinedIfMissing,
} from './system-failure.ts';
export { writeAll } from './write-all.ts';
export { writeFileWhole, type WriteFileOptions } from './write-file-whole.ts';
