import { delimiter, join } from 'node:path';
import { isPublished } from '@holdfast/tooling-lint';
import { copyWorkspace, editManifest } from './copy-workspace.ts';
import type { InstalledPackage } from './installed-packages.ts';
import { publishInstalled } from './publish-installed.ts';
import type { Registry } from './registry.ts';
import { nodeFolders, root } from './repository.ts';
import { runProgram, type RunProgramOptions } from './run-program.ts';
import { writeHome } from './write-home.ts';

/** What strangers need from the registry beside what our packages depend on. */
const toolsOfStrangers = ['typescript', 'vitest', '@types/node'];

/**
 * Publishes everything as a release does: versions and changelogs from the changesets, a build from nothing, and
 * the publication by changesets. All of it happens in a copy of the repository below `folder`.
 *
 * One thing differs: provenance is signed by the site that runs a release, so that the copy does without it.
 */
export async function release(registry: Registry, folder: string): Promise<readonly InstalledPackage[]> {
  const copy = join(folder, 'repository');
  const packages = (await copyWorkspace(copy)).filter(isPublished);
  const environment = await writeHome(join(folder, 'maintainer'), {
    settings: registry.settings,
    path: [nodeFolders[24], join(root, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter),
  });
  const run = (program: string, words: readonly string[], where: string): Promise<string> =>
    runNode(join(root, 'node_modules', program), words, { workingFolder: where, environment });

  await run('@changesets/cli/bin.js', ['version'], copy);
  for (const self of packages) await editManifest(join(copy, self.folder), withoutProvenance);
  const needed = publishInstalled(
    registry,
    packages.map((self) => join(root, self.folder)),
    toolsOfStrangers,
  );
  const compiled = packages.map((self) => join(copy, self.folder));
  await Promise.all([needed, run('typescript/bin/tsc', ['--build', ...compiled], copy)]);
  for (const self of packages.filter(isBundled)) {
    const rolldown = join('..', self.folder, 'node_modules', 'rolldown', 'bin', 'cli.mjs');
    await run(rolldown, ['--config'], join(copy, self.folder));
  }
  await run('@changesets/cli/bin.js', ['publish', '--no-git-tag'], copy);
  return needed;
}

function runNode(script: string, words: readonly string[], options: RunProgramOptions): Promise<string> {
  return runProgram(process.execPath, [script, ...words], options);
}

function isBundled({ layer }: { readonly layer: string }): boolean {
  return layer === 'app';
}

function withoutProvenance(manifest: Record<string, unknown>): void {
  delete (manifest['publishConfig'] as { provenance?: boolean }).provenance;
}
