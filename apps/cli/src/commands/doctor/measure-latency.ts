const rounds = 15;

/** How long a thing takes, by the median and the 95th percentile of a few times after a first one. */
export async function measureLatency(
  work: () => Promise<unknown>,
): Promise<{ readonly p50Ms: number; readonly p95Ms: number }> {
  await work();
  const durations: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startedMs = performance.now();
    await work();
    durations.push(performance.now() - startedMs);
  }
  const sorted = durations.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round((sorted[Math.ceil(share * rounds) - 1] ?? 0) * 100) / 100;
  return { p50Ms: at(0.5), p95Ms: at(0.95) };
}
