import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { findProgram } from './find-program.ts';
import { runProgram } from './run-program.ts';

/** A program that Go builds from its source, of one version, in a folder of the cache. */
export interface GoProgram {
  readonly name: string;
  /** Such as `github.com/versity/versitygw/cmd/versitygw`. */
  readonly module: string;
  readonly version: string;
}

/** Where Go lies on machines that do not have it on the `PATH`. */
const usualPlaces = ['/usr/local/go/bin/go', '/usr/lib/go/bin/go'];

/** Where the built program lies, or `undefined` when it was not built. */
export function findGoProgram(program: GoProgram): string | undefined {
  const path = join(folderOf(program), process.platform === 'win32' ? `${program.name}.exe` : program.name);
  return existsSync(path) ? path : undefined;
}

/** Builds it. @throws Error when there is no Go, or the build fails. */
export async function installGoProgram(program: GoProgram): Promise<void> {
  const go = findProgram('go') ?? usualPlaces.find((path) => existsSync(path));
  if (go === undefined) throw new Error('install Go 1.24 or newer: https://go.dev/dl');
  await runProgram(go, ['install', `${program.module}@${program.version}`], {
    environment: { GOBIN: folderOf(program) },
  });
}

function folderOf({ name, version }: GoProgram): string {
  return join(cacheFolder, `${name}-${version}`);
}
