/**
 * Whether a path from an untrusted file leads, or on some system could lead, out of the folder
 * that it is relative to: absolute, with a drive or scheme, with `..`, with a backslash or a NUL.
 */
export function escapesFolder(path: string): boolean {
  return path === '' || /^\/|^[A-Za-z][A-Za-z0-9+.-]*:|[\\\0]/.test(path) || path.split('/').includes('..');
}
