import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

const endWithinMs = 5_000;
const watched = new Map<number, NodeJS.Signals>();

for await (const line of createInterface({ input: process.stdin })) {
  const [verb, pid, signal] = line.split(' ');
  if (verb === 'watch') watched.set(Number(pid), signal as NodeJS.Signals);
  else watched.delete(Number(pid));
}
for (const [pid, signal] of watched) end(pid, signal);
if (watched.size > 0) await delay(endWithinMs);
for (const pid of watched.keys()) end(pid, 'SIGKILL');

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    watched.delete(pid);
  }
}
