import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder, createApp, loadConfiguration } from '@holdfast/composition';
import { StorageError } from '@holdfast/ports';
import type { FolderContents } from '@holdfast/tooling-reliability';
import { CommandLines } from './command-lines.ts';

/**
 * What a user can still have: every version, read and verified, every alias, and what was written beside the project,
 * once the next command has put back what another left aside.
 */
export async function observeProject(folder: string): Promise<FolderContents> {
  const commands = new CommandLines(folder);
  const contents = new Map<string, string>();
  await observeRegistry(commands, contents);
  const output = join(commands.workingFolder, 'out');
  for (const name of existsSync(output) ? readdirSync(output) : [])
    if (name.endsWith('.hfb')) contents.set(name, await restored(join(output, name)));
    else if (!name.startsWith('.')) contents.set(name, digestOf(join(output, name)));
  return contents;
}

async function observeRegistry(commands: CommandLines, contents: Map<string, string>): Promise<void> {
  const { configuration } = await loadConfiguration({ ...commands, flags: {} });
  await using app = await createApp(configuration, {
    create: false,
    cacheFolder: cacheFolder(commands.environment),
  });
  await (await app.targets()).recover();
  const { repositories } = await app.registry();
  const versions = (await repositories.versions.findAll()).items;
  const persistence = await app.persistence();
  const scratch = mkdtempSync(join(commands.environment['HOME'] ?? '', 'observed-'));
  try {
    for (const store of Object.keys(configuration.stores))
      for (const version of versions) {
        const path = join(scratch, `${store}-${version.id}`);
        const name = `${version.modelName}:${version.number}`;
        const isLoaded = await persistence.loadToPath(version, path, { store }).then(() => true, isNoCopy);
        if (isLoaded) contents.set(store === 'default' ? name : `${name} in ${store}`, digestOf(path));
      }
  } finally {
    rmSync(scratch, { recursive: true });
  }
  for (const model of (await repositories.models.findAll()).items)
    for (const alias of await repositories.aliases.findByModel(model.id))
      contents.set(`${model.name}@${alias.name}`, String(alias.number));
}

/** A store that no copy is known to be in; anything else is a loss. */
function isNoCopy(error: unknown): false {
  if (StorageError.isInstance(error, 'not-found')) return false;
  throw error;
}

const backups = new Map<string, string>();

/** What a backup brings back into an empty project; of equal files only the first is tried. */
async function restored(backup: string): Promise<string> {
  const digest = digestOf(backup);
  const known = backups.get(digest) ?? (await restore(backup));
  backups.set(digest, known);
  return known;
}

async function restore(backup: string): Promise<string> {
  const scratch = mkdtempSync(`${dirname(backup)}/restored-`);
  try {
    await new CommandLines(scratch).succeed(`restore ${backup}`);
    return JSON.stringify([...(await observeProject(scratch))].map((entry) => entry.join(' ')));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function digestOf(path: string): string {
  const hash = createHash('sha256');
  for (const file of filesOf(path)) hash.update(`${file.slice(path.length)}\0`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

function filesOf(path: string): readonly string[] {
  try {
    return readdirSync(path)
      .toSorted()
      .flatMap((name) => filesOf(join(path, name)));
  } catch {
    return [path];
  }
}
