import { type OperationContext, StorageError } from '@holdfast/ports';

/** A file and a folder of one name cannot be beside each other. */
export function doesNotFit(context: OperationContext, isFolder: boolean): StorageError {
  const key = JSON.stringify(context.key);
  const message = isFolder
    ? `${key} cannot be an object beside the objects below it: it is a folder.`
    : `${key} cannot be below an object: a part of its path is a file.`;
  const hint = 'In the plain layout the files are the objects. Choose another key, or use the store layout.';
  return new StorageError({ ...context, code: 'invalid-key', message, hint });
}

/** Symbolic links, sockets and devices are no objects, and nobody follows or replaces them. */
export function standsInTheWay(context: OperationContext, path: string): StorageError {
  return new StorageError({
    ...context,
    code: 'invalid-key',
    message: `${path} is neither a file nor a folder, so ${JSON.stringify(context.key)} is not an object.`,
    hint: 'The plain layout follows no symbolic links. Use the path that it points to as root, or put a copy here.',
  });
}

/** The file system holds another spelling of a name that it takes for the same. */
export function foldsOntoAnother(context: OperationContext, path: string): StorageError {
  return new StorageError({
    ...context,
    code: 'invalid-key',
    message: `This file system takes ${path} for the name of another file, which differs only by case or accents.`,
    hint: 'Rename that file, or choose another key.',
  });
}

/** A name on the disk that is no key cannot be listed. */
export function isNoKey(path: string, reason: string): StorageError {
  return new StorageError({
    code: 'invalid-key',
    operation: 'list',
    backend: 'local_filesystem',
    message: `${JSON.stringify(path)} cannot be listed, because its name ${reason}.`,
    hint: 'Rename it, or list a prefix that does not contain it; maintenance.checkRecords() reports every such name.',
  });
}

/** Another program wrote to a file while it was read: what was read is no state that it ever had. */
export function changedMeanwhile(context: OperationContext, path: string): StorageError {
  return new StorageError({
    ...context,
    code: 'precondition-failed',
    message: `${path} was changed while it was read.`,
    hint: 'Read it again when no other program writes to it.',
  });
}

/** Something has the key already. */
export function alreadyThere(context: OperationContext): StorageError {
  return new StorageError({ ...context, code: 'already-exists' });
}

/** Nothing else than a hard link gives a file a name only when nobody has it. */
export function cannotCreate(context: OperationContext): StorageError {
  return new StorageError({
    ...context,
    code: 'unsupported',
    message: 'This file system has no hard links, so an object cannot be written only if its key is free.',
    hint: 'Overwrite instead, or use the store layout, or another file system.',
  });
}

/** The object is published; whether it survives a power cut is open. */
export function maybeWritten(context: OperationContext, cause: unknown): StorageError {
  return new StorageError({
    ...context,
    code: 'indeterminate',
    message: 'The change is made, and failed on its way to the disk: a power cut may take it back.',
    hint: 'Check the disk, then read the object before you write it again.',
    cause,
  });
}
