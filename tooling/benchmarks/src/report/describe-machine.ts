import { execFile } from 'node:child_process';
import { cpus, release, totalmem, type as systemName } from 'node:os';
import { promisify } from 'node:util';
import { printBytes } from './print-quantity.ts';

const execute = promisify(execFile);

/** What was measured on, in one line. */
export async function describeMachine(folder: string): Promise<string> {
  const processors = cpus();
  return [
    `${(processors[0]?.model ?? 'unknown processor').trim()} with ${processors.length} cores`,
    `${printBytes(totalmem())} of memory`,
    `${systemName()} ${release()}`,
    await fileSystemOf(folder),
    `Node ${process.versions.node}`,
  ].join(', ');
}

async function fileSystemOf(folder: string): Promise<string> {
  try {
    const { stdout } = await execute('findmnt', ['--noheadings', '--output', 'FSTYPE', '--target', folder]);
    return stdout.trim();
  } catch {
    return 'unknown file system';
  }
}
