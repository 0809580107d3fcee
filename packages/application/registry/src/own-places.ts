import { realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { forbidden, forbiddenInput } from './registry-error.ts';

/** Names that never go into a version: what other programs and Holdfast keep beside the user's files. */
const keptNames: ReadonlySet<string> = new Set(['.git', '.holdfast']);

/** What the root of every store of Holdfast's own layout has. */
export const storeMarkerName = 'holdfast-store.json';

/** Where stores and registries keep their files on this machine. */
export interface LocalPlaces {
  /** The roots of stores of Holdfast's own layout. */
  readonly stores?: readonly string[] | undefined;
  /** The roots of stores whose files are the user's own. */
  readonly plainStores?: readonly string[] | undefined;
  /** Databases: with what is kept beside them under names that begin with theirs. */
  readonly databases?: readonly string[] | undefined;
}

/** The places of stores and registries, which would otherwise swallow themselves. */
export class OwnPlaces {
  readonly #stores: readonly string[];
  readonly #plainStores: readonly string[];
  readonly #databases: readonly string[];

  private constructor({ stores = [], plainStores = [], databases = [] }: LocalPlaces) {
    this.#stores = stores;
    this.#plainStores = plainStores;
    this.#databases = databases;
  }

  /** Resolves the links in the paths, as they are now. */
  static async resolve({ stores, plainStores, databases }: LocalPlaces): Promise<OwnPlaces> {
    return new OwnPlaces({
      stores: await resolveAll(stores),
      plainStores: await resolveAll(plainStores),
      databases: await resolveAll(databases),
    });
  }

  /**
   * Whether something that is found in a folder is left out of its version.
   *
   * @param real Its location with every link followed.
   */
  isLeftOut(location: string, real: string): boolean {
    return (
      keptNames.has(basename(location)) ||
      keptNames.has(basename(real)) ||
      this.#isDatabase(real) ||
      [...this.#stores, ...this.#plainStores].includes(real)
    );
  }

  /**
   * @throws StorageError `invalid-argument` when the path is what would be left out of a folder, or is inside a store
   *   of Holdfast's own layout.
   */
  async assertOutside(path: string): Promise<void> {
    const real = await realpath(path);
    const isInside = this.#stores.some((root) => real.startsWith(root + sep));
    if (!isInside && !this.isLeftOut(real, real)) return;
    throw forbiddenInput(
      `${path} never goes into a version: it is, or is inside, a store, a registry or a .git.`,
      'To take a registry with its objects elsewhere: holdfast backup FILE',
    );
  }

  /**
   * @throws StorageError `permission-denied` when writing to the path would replace a store, a database or one of the files
   *   given, or write into a store of Holdfast's own layout.
   */
  async assertNoTarget(path: string, files: readonly string[] = []): Promise<void> {
    const real = await resolveIfThere(path);
    const kept = [...this.#stores, ...this.#plainStores, ...this.#databases, ...(await resolveAll(files))];
    const isHeld = kept.some((place) => place === real || place.startsWith(real + sep));
    const isInside = this.#stores.some((root) => real.startsWith(root + sep));
    if (!isHeld && !isInside && !this.#isDatabase(real)) return;
    throw forbidden(
      `${path} is, holds, or is inside a store, a database or the configuration of this project, so nothing is written there.`,
      'Name another path.',
    );
  }

  #isDatabase(real: string): boolean {
    return this.#databases.some((database) => real === database || real.startsWith(`${database}-`));
  }
}

function resolveAll(paths: readonly string[] = []): Promise<readonly string[]> {
  return Promise.all(paths.map(resolveIfThere));
}

async function resolveIfThere(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(await resolveIfThere(folder), basename(path));
  }
}
