import { lstat, readFile, realpath } from 'node:fs/promises';
import { delimiter, dirname, join, resolve, sep } from 'node:path';
import { ConfigurationError } from './configuration-error.ts';
import type { SettingNode } from './setting-node.ts';

/** The file of the user that names the folders whose configuration is trusted, one a line. */
const trustedFoldersFileName = 'trusted-folders';

/** The same as a variable: folders, separated as in `PATH`; `*` for every folder. */
const trustedFoldersVariable = 'HOLDFAST_TRUSTED_FOLDERS';

export interface TrustedFileOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user's configuration folder. */
  readonly userFolder: string;
  /** @default the one of this process; `undefined` where the system has none */
  readonly userId?: number | undefined;
}

/** Stores that nothing is sent to. */
const localBackends: readonly unknown[] = ['local_filesystem', 'memory'];

/**
 * Checks that a configuration file that was found, and not named, is trusted with the user's secrets: with values of
 * variables and files (`env:NAME`, `file:PATH`), and with the credentials that a store or server gets by itself. It is
 * when no other user could have written it. A file that only names folders of this machine needs no trust.
 *
 * @throws ConfigurationError naming who could have written it, and what to do.
 */
export async function assertTrusted(
  file: string,
  settings: SettingNode,
  options: TrustedFileOptions,
): Promise<void> {
  if (!asksForSecrets(settings)) return;
  const real = await realpath(file);
  const reason = await whyNotTrusted(real, options.userId ?? process.getuid?.());
  if (reason === undefined || (await isAllowed(real, options))) return;
  const folder = dirname(real);
  throw new ConfigurationError(
    [
      {
        path: '',
        message: `names servers or secrets, and is not trusted with them: ${reason}`,
        source: `file:${file}`,
        file,
      },
    ],
    {
      hint:
        `Read it. If you trust it, add the line ${folder} to ${join(options.userFolder, trustedFoldersFileName)}, ` +
        `set ${trustedFoldersVariable}=${folder}, or name the file: --config ${file}`,
    },
  );
}

function asksForSecrets({ children }: SettingNode): boolean {
  const database = children?.get('database')?.children;
  if (database?.has('credentials') === true || !isLocalUrl(database?.get('url')?.value ?? 'sqlite:'))
    return true;
  const stores = [...(children?.get('stores')?.children?.values() ?? [])];
  return stores.some(({ children: fields }) => {
    if (fields === undefined || fields.has('credentials')) return true;
    return !isLocalUrl(fields.get('url')?.value) && !localBackends.includes(fields.get('backend')?.value);
  });
}

function isLocalUrl(url: unknown): boolean {
  return typeof url === 'string' && /^(?:sqlite|memory):/.test(url);
}

/** A file or folder on the way to a configuration. */
export interface PathOwner {
  readonly path: string;
  readonly uid: number;
  readonly mode: number;
}

async function whyNotTrusted(file: string, userId: number | undefined): Promise<string | undefined> {
  if (userId === undefined) return undefined;
  const owners: PathOwner[] = [];
  for (let path = file; ; path = dirname(path)) {
    const { uid, mode } = await lstat(path);
    owners.push({ path, uid, mode });
    if (path === dirname(path)) return whyNotOwn(owners, userId);
  }
}

/**
 * Who else could have written a file: the owner of it or of a folder above it, or anybody where one of them can be
 * written to by all. In a folder with the sticky bit (as `/tmp`) no user renames or removes what belongs to another.
 *
 * @param owners The file, then the folders above it.
 */
export function whyNotOwn(owners: readonly PathOwner[], userId: number): string | undefined {
  for (const [index, { path, uid, mode }] of owners.entries()) {
    if (uid !== userId && uid !== 0)
      return `${path} belongs to another user (id ${uid}, and you are ${userId})`;
    const isSticky = index > 0 && (mode & 0o1000) !== 0;
    if ((mode & 0o002) !== 0 && !isSticky) return `every user of this machine can write to ${path}`;
  }
  return undefined;
}

async function isAllowed(file: string, { environment, userFolder }: TrustedFileOptions): Promise<boolean> {
  const named = (environment[trustedFoldersVariable] ?? '').split(delimiter);
  const listed = await readFile(join(userFolder, trustedFoldersFileName), 'utf8').catch(() => '');
  const folders = [...named, ...listed.split(/\r?\n/)]
    .map((line) => line.trim())
    .filter((line) => line !== '');
  for (const folder of folders) {
    if (folder === '*') return true;
    const real = await realpath(resolve(folder)).catch(() => undefined);
    if (real !== undefined && file.startsWith(real.endsWith(sep) ? real : real + sep)) return true;
  }
  return false;
}
