import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPublished, readWorkspace } from '@holdfast/tooling-lint';
import type { DependentManifest } from './installed-packages.ts';
import { fetchPublished, type PublishedPackage } from './published-package.ts';
import { Registry } from './registry.ts';
import { release } from './release.ts';
import { root } from './repository.ts';
import { Stranger } from './stranger.ts';

/** A release into a registry of its own. Disposing of it leaves nothing. */
export class Rehearsal implements AsyncDisposable {
  /** What was published, in the order of the folders. */
  readonly packages: readonly PublishedPackage[];
  /** What the registry has from others. */
  readonly foreign: readonly DependentManifest[];
  readonly #folder: string;
  readonly #registry: Registry;

  private constructor(
    place: { readonly folder: string; readonly registry: Registry },
    content: {
      readonly packages: readonly PublishedPackage[];
      readonly foreign: readonly DependentManifest[];
    },
  ) {
    this.#folder = place.folder;
    this.#registry = place.registry;
    this.packages = content.packages;
    this.foreign = content.foreign;
  }

  /** Starts a registry and publishes everything to it. */
  static async begin(): Promise<Rehearsal> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'holdfast-rehearsal-')));
    await using failure = new AsyncDisposableStack();
    failure.defer(() => rm(folder, { recursive: true, force: true }));
    const registry = failure.use(await Registry.open(join(folder, 'registry')));
    const foreign = (await release(registry, folder)).map(({ manifest }) => manifest);
    const packages = await Promise.all(
      readWorkspace(root)
        .filter(isPublished)
        .map(async (self) =>
          fetchPublished(registry, self, await versionIn(join(folder, 'repository', self.folder))),
        ),
    );
    failure.move();
    return new Rehearsal({ folder, registry }, { packages, foreign });
  }

  /** Somebody with an empty folder who knows the registry. */
  stranger(name: string): Promise<Stranger> {
    return Stranger.arrive(join(this.#folder, 'strangers', name), this.#registry);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#registry[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function versionIn(folder: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}
