import { InvalidValueError } from '../invalid-value-error.ts';
import { type Digest, parseDigest } from '../storage/digest.ts';
import { compareKeys, whyNotObjectKey } from '../storage/object-key.ts';

/** One file of a tree. */
export interface TreeEntry {
  /** Relative to the tree, with `/` between folders. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly digest: Digest;
  /** Whether its owner may execute it. */
  readonly executable?: true;
}

/** A folder as a value: its files sorted by path, each with size and digest, and the folders in it without files. */
export interface TreeManifest {
  readonly layout: typeof treeManifestLayout | typeof emptyFoldersLayout;
  readonly entries: readonly TreeEntry[];
  /** Sorted. Absent where there are none, so that the manifests of such folders keep their digests. */
  readonly emptyFolders?: readonly string[];
}

/** The form of the manifest of a folder without empty folders; readers refuse a form that they do not know. */
export const treeManifestLayout = 'holdfast-tree-1';

/** The form that names empty folders too: a program that would lose them refuses it. */
const emptyFoldersLayout = 'holdfast-tree-2';

/** The content type of manifest objects. */
export const treeManifestContentType = 'application/vnd.holdfast.tree+json';

/**
 * Makes the manifest of a folder's files and empty folders. The same ones give the same bytes, in any order.
 *
 * @throws InvalidValueError when two have one path, a file or empty folder holds another of them, or a path would
 *   leave the tree.
 */
export function createTreeManifest(
  entries: readonly TreeEntry[],
  emptyFolders: readonly string[] = [],
): TreeManifest {
  const sorted = entries.map(parseEntry).toSorted((a, b) => compareKeys(a.path, b.path));
  const folders = emptyFolders.map(parsePath).toSorted(compareKeys);
  assertApart([...sorted.map(({ path }) => path), ...folders]);
  if (folders.length === 0) return { layout: treeManifestLayout, entries: sorted };
  return { layout: emptyFoldersLayout, entries: sorted, emptyFolders: folders };
}

function assertApart(paths: readonly string[]): void {
  const known = new Set<string>();
  for (const path of paths) {
    if (known.has(path))
      throw new InvalidValueError({ field: 'path', value: path, reason: 'appears twice in the tree' });
    known.add(path);
  }
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (!known.has(folder)) continue;
      throw new InvalidValueError({
        field: 'path',
        value: folder,
        reason: 'is a file or an empty folder, and holds another of the tree',
      });
    }
  }
}

/** Prints a manifest as the text that is stored and hashed. */
export function printTreeManifest(manifest: TreeManifest): string {
  return `${JSON.stringify(manifest, undefined, 1)}\n`;
}

/**
 * Reads what {@link printTreeManifest} wrote, trusting nothing.
 *
 * @throws InvalidValueError when the text is no manifest of this layout.
 */
export function parseTreeManifest(text: string): TreeManifest {
  const value = parseJson(text);
  if (!isRecord(value) || !Array.isArray(value['entries']) || !hasKnownForm(value)) {
    throw new InvalidValueError({
      field: 'tree',
      value: text,
      reason: `is not a manifest of layout ${treeManifestLayout} or ${emptyFoldersLayout}`,
    });
  }
  return createTreeManifest(
    value['entries'].map(parseEntry),
    value['layout'] === emptyFoldersLayout ? (value['emptyFolders'] as string[]) : [],
  );
}

function hasKnownForm({ layout, emptyFolders }: Readonly<Record<string, unknown>>): boolean {
  if (layout === treeManifestLayout) return true;
  return layout === emptyFoldersLayout && Array.isArray(emptyFolders) && emptyFolders.length > 0;
}

function parseEntry(value: unknown): TreeEntry {
  if (!isRecord(value)) throw new InvalidValueError({ field: 'entry', value, reason: 'is not an object' });
  const { path, sizeBytes, digest, executable } = value as Partial<TreeEntry>;
  if (!Number.isSafeInteger(sizeBytes) || (sizeBytes as number) < 0) {
    throw new InvalidValueError({ field: 'sizeBytes', value: sizeBytes, reason: 'is not a size in bytes' });
  }
  return {
    path: parsePath(path),
    sizeBytes: sizeBytes as number,
    digest: parseDigest(String(digest), 'digest'),
    ...(executable === true ? { executable } : {}),
  };
}

function parsePath(path: unknown): string {
  const reason = typeof path === 'string' ? whyNotObjectKey(path) : 'is not a text';
  const hint = 'Give the file a shorter or plainer name, or move it out of the folder.';
  if (reason !== undefined) throw new InvalidValueError({ field: 'path', value: path, reason, hint });
  return path as string;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
