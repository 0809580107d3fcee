import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { ExamplePage } from './example-block.ts';
import { openBucket } from './example-bucket.ts';
import type { ExampleWorld } from './example-world.ts';
import { linkPackages } from './link-packages.ts';

const condition = '--conditions=@holdfast/source';
const executable = process.env['HOLDFAST_TEST_EXECUTABLE'] ?? '';

/**
 * A world in which every package of this repository is installed, from its sources; `undefined` after one loud line
 * where a page asks for a bucket and there is no server that has it.
 *
 * @throws Error where there is none and `CI` is `true`.
 */
export async function sourceWorld({
  bucket: name,
}: Pick<ExamplePage, 'bucket'>): Promise<ExampleWorld | undefined> {
  const bucket = name === undefined ? undefined : await openBucket(name);
  if (name !== undefined && bucket === undefined) return undefined;
  const root = await realpath(await mkdtemp(join(tmpdir(), 'holdfast-example-')));
  const [folder, programs, home] = [join(root, 'work'), join(root, 'bin'), join(root, 'home')];
  for (const path of [folder, programs, home, join(root, 'tmp')]) await mkdir(path);
  await linkPackages(root);
  await writeFile(join(root, 'package.json'), '{ "type": "module", "private": true }\n');
  await writeFile(join(folder, 'vitest.config.ts'), vitestConfiguration);
  await writeProgram(join(programs, 'holdfast'), `exec '${process.execPath}' '${executable}' "$@"`);
  await writeProgram(join(programs, 'npm'), startScript);
  await symlink(process.execPath, join(programs, 'node'));
  const binaries = join(root, 'node_modules', '.bin');
  return {
    folder,
    environment: {
      PATH: [programs, binaries, dirname(process.execPath), process.env['PATH']].join(delimiter),
      HOME: home,
      XDG_CONFIG_HOME: join(home, 'config'),
      XDG_DATA_HOME: join(home, 'data'),
      XDG_CACHE_HOME: join(home, 'cache'),
      XDG_STATE_HOME: join(home, 'state'),
      TMPDIR: join(root, 'tmp'),
      NODE_COMPILE_CACHE: join(dirname(executable), 'compile-cache'),
      NO_COLOR: '1',
      npm_config_offline: 'true',
      npm_config_update_notifier: 'false',
      ...bucket?.environment,
    },
    nodeArguments: [condition],
    [Symbol.asyncDispose]: async () => {
      await bucket?.[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Where packages come from their sources, vitest has to be told so as well. */
const vitestConfiguration = `export default { ssr: { resolve: { conditions: ['@holdfast/source'] } } };\n`;

/** `npm start` of this repository without its installation and without the banner of npm. */
const startScript = `[ "$1 $2" = "start --" ] || { echo "npm: only 'npm start -- …' is here" >&2; exit 1; }
shift 2
exec holdfast "$@"`;

async function writeProgram(path: string, script: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}
