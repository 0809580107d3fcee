/**
 * Does so many pieces of work, several at a time: each that ends lets the next one begin.
 * A failure ends everything, once what is under way has ended.
 */
export async function atOnce(
  count: number,
  concurrency: number,
  work: (number: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  const lanes = Array.from({ length: Math.min(concurrency, count) }, lane);
  const ends = await Promise.allSettled(lanes);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
