import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

/** The folders of a user for one program. */
export interface UserFolders {
  readonly configuration: string;
  readonly data: string;
  /** What a program knows of its last runs, and can do without. */
  readonly state: string;
  /** What it notes for the next runs on this machine. */
  readonly cache: string;
}

export interface UserFoldersOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
  readonly platform: NodeJS.Platform;
}

const program = 'holdfast';

/**
 * Where the user's configuration, data and state belong: by the XDG Base Directory Specification, or the customs of
 * macOS and Windows. Relative paths in variables are ignored, as that specification demands.
 */
export function userFolders({ environment, homeFolder, platform }: UserFoldersOptions): UserFolders {
  if (platform === 'win32') {
    const roaming = absolute(environment['APPDATA'], win32) ?? win32.join(homeFolder, 'AppData', 'Roaming');
    const local = absolute(environment['LOCALAPPDATA'], win32) ?? win32.join(homeFolder, 'AppData', 'Local');
    return {
      configuration: win32.join(roaming, program),
      data: win32.join(local, program),
      state: win32.join(local, program),
      cache: win32.join(local, program, 'cache'),
    };
  }
  if (platform === 'darwin') {
    const folder = posix.join(homeFolder, 'Library', 'Application Support', program);
    const cache = posix.join(homeFolder, 'Library', 'Caches', program);
    return { configuration: folder, data: folder, state: folder, cache };
  }
  const configuration = absolute(environment['XDG_CONFIG_HOME'], posix) ?? posix.join(homeFolder, '.config');
  const data = absolute(environment['XDG_DATA_HOME'], posix) ?? posix.join(homeFolder, '.local', 'share');
  const state = absolute(environment['XDG_STATE_HOME'], posix) ?? posix.join(homeFolder, '.local', 'state');
  const cache = absolute(environment['XDG_CACHE_HOME'], posix) ?? posix.join(homeFolder, '.cache');
  return {
    configuration: posix.join(configuration, program),
    data: posix.join(data, program),
    state: posix.join(state, program),
    cache: posix.join(cache, program),
  };
}

/** Where this user's runs of the program note what the next one can do without. */
export function stateFolder(environment: UserFoldersOptions['environment']): string {
  return foldersOf(environment).state;
}

/** Where this user's runs of the program note, for the next ones on this machine, what they have begun. */
export function cacheFolder(environment: UserFoldersOptions['environment']): string {
  return foldersOf(environment).cache;
}

function foldersOf(environment: UserFoldersOptions['environment']): UserFolders {
  const homeFolder = environment['HOME'] || homedir();
  return userFolders({ environment, homeFolder, platform: process.platform });
}

function absolute(path: string | undefined, rules: typeof posix): string | undefined {
  return path !== undefined && rules.isAbsolute(path) ? path : undefined;
}
