import type { FolderEntry, FolderListing } from './folder-listing.ts';
import type { WalkPosition } from './walk-position.ts';

/** A walk through folders, in the order of the names. */
export interface ArtifactWalk {
  readonly folders: FolderListing;
  readonly prefix: string;
  /** Moved by whoever takes the names; the walk leaves out what is not still to come. */
  readonly position: WalkPosition;
  /** How many folders may still be opened, those on the way to the position apart. */
  readonly budget: { folders: number };
  readonly signal: AbortSignal;
}

/** What a walk comes by: an artifact's name, or the folder before which its budget ended. */
export type WalkStep = { readonly name: string } | { readonly pausedBefore: string };

/** The names from a position on; ends after it has paused. */
export async function* walkArtifacts(walk: ArtifactWalk): AsyncGenerator<WalkStep> {
  const folder = walk.prefix.slice(0, Math.max(0, walk.prefix.lastIndexOf('/')));
  yield* walkFolder(walk, folder);
}

async function* walkFolder(walk: ArtifactWalk, folder: string): AsyncGenerator<WalkStep, boolean> {
  for (const entry of await walk.folders.read(folder, walk.signal)) {
    if (!isToCome(walk, entry)) continue;
    if (!entry.isFolder) {
      yield { name: entry.name };
      continue;
    }
    if (!walk.position.isInside(entry.name) && --walk.budget.folders < 0) {
      yield { pausedBefore: entry.name };
      return true;
    }
    if (yield* walkFolder(walk, entry.name.slice(0, -1))) return true;
  }
  return false;
}

function isToCome({ prefix, position }: ArtifactWalk, { name, isFolder }: FolderEntry): boolean {
  if (!isFolder) return name.startsWith(prefix) && position.isBefore(name);
  return (name.startsWith(prefix) || prefix.startsWith(name)) && position.isBeforeEndOf(name);
}
