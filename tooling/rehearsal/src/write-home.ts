import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A port that nothing listens on: who leaves the loopback is refused. */
const nowhere = 'http://127.0.0.1:9';

/** What somebody has at hand. */
interface Surroundings {
  /** The content of the `.npmrc`. */
  readonly settings: string;
  readonly path: string;
}

/** Makes a home for npm and pnpm in a new folder and answers the environment of who lives there. */
export async function writeHome(
  home: string,
  { settings, path }: Surroundings,
): Promise<Readonly<Record<string, string>>> {
  const temporary = join(home, 'tmp');
  await mkdir(temporary, { recursive: true });
  const npmrc = join(home, '.npmrc');
  await writeFile(npmrc, settings);
  return {
    PATH: path,
    HOME: home,
    USERPROFILE: home,
    XDG_CACHE_HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_DATA_HOME: home,
    XDG_STATE_HOME: home,
    TMPDIR: temporary,
    TEMP: temporary,
    TMP: temporary,
    CI: 'true',
    NO_COLOR: '1',
    DO_NOT_TRACK: '1',
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    NO_PROXY: '127.0.0.1',
    npm_config_userconfig: npmrc,
    npm_config_cache: join(home, 'npm-cache'),
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  };
}
