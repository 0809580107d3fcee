import { readFileSync } from 'node:fs';

/**
 * The most memory that this process ever held, all of it. What the kernel tells as the usage of resources begins with
 * the size of the parent at its fork, so that it is the second choice.
 */
export function peakResidentBytes(): number {
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kibibytes !== undefined) return Number(kibibytes) * 1_024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1_024;
}
