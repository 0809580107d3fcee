import { whyNotWindowsName } from '@holdfast/domain';

/** What a file system makes of names, as far as it matters to keys. */
export interface NameRules {
  /** It takes names for the same that differ only by case, or by how Unicode spells a character. */
  readonly isFolding: boolean;
  /** It keeps some names and characters for itself, as Windows does. */
  readonly isWindows: boolean;
}

/** Longest name of a file or folder, in bytes; Windows and macOS count characters, so this is shorter there. */
export const longestNameBytes = 255;

/** ASCII without capitals, and letters without case, such as Chinese ones: nothing folds them. */
const unfoldable = /^(?:[\u0020-@[-~]|(?!\p{DI})\p{Lo})*$/u;

/** Whether a file system can give a file this name, and tells it from every other name that it can give. */
export function isSpellable(name: string, { isFolding, isWindows }: NameRules): boolean {
  if (Buffer.byteLength(name) > longestNameBytes) return false;
  if (isWindows && whyNotWindowsName(name) !== undefined) return false;
  return !isFolding || (unfoldable.test(name) && name.normalize('NFKD') === name);
}
