import { readFileSync, readlinkSync } from 'node:fs';
import { hostIdentity } from './sqlite/host-identity.ts';

/** A process, named so that another one can tell whether it still lives. */
export interface ProcessIdentity {
  readonly host: string;
  readonly boot: string;
  readonly pidNamespace: string;
  readonly pid: number;
  /** Clock ticks from the boot to its start; `0` where the system does not tell. */
  readonly startTicks: string;
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  identity ??= {
    host: hostIdentity().id,
    boot: bootId(),
    pidNamespace: readPidNamespace(),
    pid: process.pid,
    startTicks: startTicksOf(process.pid) ?? '0',
  };
  return identity;
}

let identity: ProcessIdentity | undefined;

/** An identity as the beginning of a file name; {@link parseIdentity} reads it. */
export function printIdentity({ host, boot, pidNamespace, pid, startTicks }: ProcessIdentity): string {
  return `h${host}.b${boot}.n${pidNamespace}.p${pid}.s${startTicks}`;
}

/** The identity that a file name begins with, if it does. */
export function parseIdentity(name: string): ProcessIdentity | undefined {
  const match = /^h([0-9a-f]+)\.b([0-9a-f]+)\.n(\d+)\.p(\d+)\.s(\d+)-/.exec(name);
  if (match === null) return undefined;
  const [, host = '', boot = '', namespace = '', pid = '', startTicks = ''] = match;
  return { host, boot, pidNamespace: namespace, pid: Number(pid), startTicks };
}

/** Why a process is certainly not running any more; `undefined` when it may be. */
export function whyDead(owner: ProcessIdentity, self: ProcessIdentity = ownIdentity()): string | undefined {
  if (owner.host !== self.host) return undefined;
  if (owner.boot !== self.boot) return 'its writer ended with an earlier start of this machine';
  if (owner.pidNamespace !== self.pidNamespace) return undefined;
  if (!exists(owner.pid)) return `its writer, process ${owner.pid}, has ended`;
  const startTicks = startTicksOf(owner.pid);
  if (startTicks === undefined || startTicks === owner.startTicks) return undefined;
  return `its writer has ended, and process ${owner.pid} is another one now`;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user refuses the signal, so it is there.
    return (error as { readonly code?: unknown }).code === 'EPERM';
  }
}

function bootId(): string {
  return readText('/proc/sys/kernel/random/boot_id')?.replaceAll('-', '').slice(0, 8) ?? '0';
}

function readPidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

/** The 22nd field of `/proc/<pid>/stat`: clock ticks since the boot. The command before it may hold anything. */
function startTicksOf(pid: number): string | undefined {
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
