/**
 * Announces a part of the work and how long it took, on stderr.
 *
 * @template Result
 * @param {string} name
 * @param {() => Promise<Result>} work
 */
export async function phase(name, work) {
  const started = Date.now();
  process.stderr.write(`▸ ${name}\n`);
  const result = await work();
  process.stderr.write(`  ${name}: ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
  return result;
}
