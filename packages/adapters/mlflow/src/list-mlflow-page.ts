import {
  type ListAnswer,
  type ListRequest,
  type ListedObject,
  type StoredObject,
} from '@holdfast/adapter-kit';
import { forEachAtOnce } from '@holdfast/work';
import type { FolderListing } from './folder-listing.ts';
import { walkArtifacts } from './walk-artifacts.ts';
import { WalkPosition } from './walk-position.ts';

/** A page asks for so many folders and artifacts at most, so that it ends within the time of one answer. */
const mostFolders = 64;
const mostObjects = 256;

/** What listing needs. */
export interface ListTools {
  readonly folders: FolderListing;
  readonly poolSize: number;
  readonly head: (name: string) => Promise<StoredObject | undefined>;
}

/**
 * One page of a walk through the folders, which begins anew where the page before ended. The server lists names and
 * sizes only: each artifact of the page is asked for its state, and one that has gone meanwhile is left out.
 */
export async function listMlflowPage(request: ListRequest, tools: ListTools): Promise<ListAnswer> {
  const { names, prefixes, cursor } = await takeNames(request, tools.folders);
  const found: (ListedObject | undefined)[] = [];
  await forEachAtOnce(
    names,
    async (name, index) => {
      const object = await tools.head(name);
      found[index] = object === undefined ? undefined : { ...object, name };
    },
    { atOnce: tools.poolSize },
  );
  return { objects: found.filter((object) => object !== undefined), prefixes, cursor };
}

async function takeNames(
  { prefix, delimiter, startAfter = '', pageSize, cursor, signal }: ListRequest,
  folders: FolderListing,
): Promise<{ readonly names: string[]; readonly prefixes: string[]; readonly cursor?: string }> {
  const position = cursor === undefined ? new WalkPosition(startAfter) : WalkPosition.parse(cursor);
  const names: string[] = [];
  const prefixes: string[] = [];
  const walk = { folders, prefix, position, budget: { folders: mostFolders }, signal };
  for await (const step of walkArtifacts(walk)) {
    if ('pausedBefore' in step) {
      position.passed(step.pausedBefore);
      return { names, prefixes, cursor: position.print() };
    }
    const fold = foldOf(step.name, prefix, delimiter);
    if (fold === undefined) {
      names.push(step.name);
      position.passed(step.name);
    } else {
      prefixes.push(fold);
      position.folded(fold);
    }
    if (names.length + prefixes.length >= Math.min(pageSize, mostObjects))
      return { names, prefixes, cursor: position.print() };
  }
  return { names, prefixes };
}

function foldOf(name: string, prefix: string, delimiter: string | undefined): string | undefined {
  const at = delimiter === undefined ? -1 : name.indexOf(delimiter, prefix.length);
  return at < 0 || delimiter === undefined ? undefined : name.slice(0, at + delimiter.length);
}
