import { z } from 'zod';

const longestMs = 3_600_000;

/** The field that says how long writers wait for each other. */
export function busyTimeoutMs(usual: number, restriction = ''): z.ZodType<number> {
  return z
    .int()
    .min(0)
    .max(longestMs)
    .default(usual)
    .describe(`How long a write waits for other processes that write, in milliseconds.${restriction}`);
}
