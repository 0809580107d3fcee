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

/** A folder as a value: its files sorted by path, each with size and digest. */
export interface TreeManifest {
  readonly layout: typeof treeManifestLayout;
  readonly entries: readonly TreeEntry[];
}

/** The form of the manifest; readers refuse any other. */
export const treeManifestLayout = 'holdfast-tree-1';

/** The content type of manifest objects. */
export const treeManifestContentType = 'application/vnd.holdfast.tree+json';

/**
 * Makes the manifest of a folder's files. The same files give the same bytes, in whatever order they come.
 *
 * @throws InvalidValueError when two files have one path, one is a folder of another, or a path would leave the tree.
 */
export function createTreeManifest(entries: readonly TreeEntry[]): TreeManifest {
  const sorted = entries.map(parseEntry).toSorted((a, b) => compareKeys(a.path, b.path));
  for (const [index, entry] of sorted.entries()) {
    if (sorted[index - 1]?.path === entry.path) {
      throw new InvalidValueError({ field: 'path', value: entry.path, reason: 'stands twice in the tree' });
    }
  }
  assertNoFileIsFolder(sorted);
  return { layout: treeManifestLayout, entries: sorted };
}

function assertNoFileIsFolder(entries: readonly TreeEntry[]): void {
  const files = new Set(entries.map(({ path }) => path));
  for (const { path } of entries) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (!files.has(folder)) continue;
      throw new InvalidValueError({
        field: 'path',
        value: folder,
        reason: 'is a file and a folder of the tree',
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
  if (!isRecord(value) || value['layout'] !== treeManifestLayout || !Array.isArray(value['entries'])) {
    throw new InvalidValueError({
      field: 'tree',
      value: text,
      reason: `is not a manifest of layout ${treeManifestLayout}`,
    });
  }
  return createTreeManifest(value['entries'].map(parseEntry));
}

function parseEntry(value: unknown): TreeEntry {
  if (!isRecord(value)) throw new InvalidValueError({ field: 'entry', value, reason: 'is not an object' });
  const { path, sizeBytes, digest, executable } = value as Partial<TreeEntry>;
  const wrongPath = typeof path === 'string' ? whyNotObjectKey(path) : 'is not a text';
  if (wrongPath !== undefined) throw new InvalidValueError({ field: 'path', value: path, reason: wrongPath });
  if (!Number.isSafeInteger(sizeBytes) || (sizeBytes as number) < 0) {
    throw new InvalidValueError({ field: 'sizeBytes', value: sizeBytes, reason: 'is not a size in bytes' });
  }
  return {
    path: path as string,
    sizeBytes: sizeBytes as number,
    digest: parseDigest(String(digest), 'digest'),
    ...(executable === true ? { executable } : {}),
  };
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
