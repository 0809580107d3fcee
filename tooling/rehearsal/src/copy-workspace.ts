import { cp, mkdir, readFile, readdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { readWorkspace, type WorkspacePackage } from '@holdfast/tooling-lint';
import { root } from './repository.ts';

/** What is built, installed or measured. The copy builds for itself, so that nothing stale is published. */
const leftOut = new Set(['.cache', '.git', '.turbo', 'coverage', 'dist', 'node_modules']);

/** Copies the sources of the repository; what is installed is linked, our own packages to the copy. */
export async function copyWorkspace(folder: string): Promise<readonly WorkspacePackage[]> {
  await cp(root, folder, {
    recursive: true,
    filter: (source) => source === root || !leftOut.has(basename(source)),
  });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const packages = readWorkspace(root);
  await Promise.all(packages.map((self) => linkInstalled(self, folder)));
  return packages;
}

async function linkInstalled(self: WorkspacePackage, folder: string): Promise<void> {
  const installed = join(root, self.folder, 'node_modules');
  for (const name of await namesIn(installed)) {
    const source = await realpath(join(installed, name));
    const isOurs = !source.split(sep).includes('node_modules');
    const link = join(folder, self.folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(isOurs ? join(folder, relative(root, source)) : source, link, 'junction');
  }
}

async function namesIn(installed: string): Promise<readonly string[]> {
  const entries = await readdir(installed).catch(() => []);
  const names = await Promise.all(
    entries
      .filter((entry) => !entry.startsWith('.'))
      .map(async (entry) =>
        entry.startsWith('@')
          ? (await readdir(join(installed, entry))).map((name) => `${entry}/${name}`)
          : [entry],
      ),
  );
  return names.flat();
}

/** Changes a manifest of the copy. */
export async function editManifest(
  folder: string,
  edit: (manifest: Record<string, unknown>) => void,
): Promise<void> {
  const path = join(folder, 'package.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  edit(manifest);
  await writeFile(path, `${JSON.stringify(manifest, undefined, 2)}\n`);
}
