import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { GuardMessage, Guarded, GuardedProcess } from './orphan-guard.ts';

const endWithinMs = 5_000;
const lookAgainMs = 50;
const watched = new Map<string, Guarded>();

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line) as GuardMessage;
  if (message.verb === 'watch') watched.set(message.name, message.guarded);
  else watched.delete(message.name);
}
const left = [...watched.values()];
await Promise.all(left.filter((guarded) => 'pid' in guarded).map(end));
for (const guarded of left)
  if ('folder' in guarded) await rm(guarded.folder, { recursive: true, force: true, maxRetries: 5 });

async function end({ pid, endSignal }: GuardedProcess): Promise<void> {
  const deadline = Date.now() + endWithinMs;
  for (let isThere = signal(pid, endSignal); isThere && Date.now() < deadline; isThere = signal(pid, 0))
    await delay(lookAgainMs);
  signal(pid, 'SIGKILL');
}

function signal(pid: number, which: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, which);
  } catch {
    return false;
  }
}
