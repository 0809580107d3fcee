/** The code of an error of the system, such as `ENOENT`; `undefined` of any other value. */
export function systemCodeOf(error: unknown): string | undefined {
  const code = (error as { readonly code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** Whether a file or folder does not exist. */
export function isMissing(error: unknown): boolean {
  return systemCodeOf(error) === 'ENOENT';
}

/** Whether a file or folder does not exist, or a part of its path is a file. */
export function isAbsent(error: unknown): boolean {
  return isMissing(error) || systemCodeOf(error) === 'ENOTDIR';
}

/** Whether the name is taken already. */
export function isTaken(error: unknown): boolean {
  return systemCodeOf(error) === 'EEXIST';
}

/** Whether a folder has the name of a file. */
export function isFolderInstead(error: unknown): boolean {
  return systemCodeOf(error) === 'EISDIR';
}

const withoutLinks: ReadonlySet<string | undefined> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
]);

/** Whether a file system refuses hard links, as exFAT does. */
export function isWithoutLinks(error: unknown): boolean {
  return withoutLinks.has(systemCodeOf(error));
}

/** For `catch`: the expected absence of a file or folder becomes a value, every other failure is thrown. */
export function undefinedIfMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}

/** As {@link undefinedIfMissing}, also where a part of the path is a file. */
export function undefinedIfAbsent(error: unknown): undefined {
  if (!isAbsent(error)) throw error;
}

/** For `catch`: names the file in the system's errors about an open file, which name none. */
export function aboutFile(path: string): (error: unknown) => never {
  return (error) => {
    throw error instanceof Error ? Object.assign(error, { path }) : error;
  };
}
