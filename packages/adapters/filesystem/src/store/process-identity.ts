import { hash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Names this process so that another one can tell whether it still lives: host, boot, namespace of process ids,
 * process id and start time. It is part of the names of temporary files.
 */
export function processIdentity(): string {
  identity ??= [
    `h${hash('sha256', hostname(), 'hex').slice(0, 8)}`,
    `b${bootId()}`,
    `n${pidNamespace()}`,
    `p${process.pid}`,
    `s${startTicks(process.pid) ?? 0}`,
  ].join('.');
  return identity;
}

let identity: string | undefined;

function bootId(): string {
  return readText('/proc/sys/kernel/random/boot_id')?.replaceAll('-', '').slice(0, 8) ?? '0';
}

function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

/** The 22nd field of `/proc/<pid>/stat`: clock ticks since the boot. The command before it may hold anything. */
function startTicks(pid: number): string | undefined {
  const text = readText(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
