import type { ListedObject } from '@holdfast/adapter-kit';

interface FoldOptions {
  /** Where folding begins. */
  readonly prefix: string;
  /** As it is spelled in names. */
  readonly delimiter: string;
  /** The fold in which the page before ended. */
  readonly lastFold: string | undefined;
}

interface FoldedNames {
  readonly objects: readonly ListedObject[];
  /** The beginnings of names that have the delimiter, each once, without `lastFold` from before. */
  readonly prefixes: readonly string[];
  readonly lastFold: string | undefined;
}

/** Folds listed objects by a delimiter, wherever it is not a part of an escape such as `%5C`. */
export function foldNames(listed: readonly ListedObject[], options: FoldOptions): FoldedNames {
  const objects: ListedObject[] = [];
  const prefixes: string[] = [];
  let { lastFold } = options;
  for (const object of listed) {
    const fold = foldOf(object.name, options);
    if (fold === undefined) objects.push(object);
    else if (fold !== lastFold) {
      prefixes.push(fold);
      lastFold = fold;
    }
  }
  return { objects, prefixes, lastFold };
}

function foldOf(name: string, { prefix, delimiter }: FoldOptions): string | undefined {
  for (let at = name.indexOf(delimiter, prefix.length); at >= 0; at = name.indexOf(delimiter, at + 1)) {
    if (!isInsideEscape(name, at)) return name.slice(0, at + delimiter.length);
  }
  return undefined;
}

const escape = /^%[0-9A-F]{2}/;

function isInsideEscape(name: string, at: number): boolean {
  return [1, 2].some((back) => at >= back && escape.test(name.slice(at - back, at - back + 3)));
}
