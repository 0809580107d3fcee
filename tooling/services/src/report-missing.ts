/**
 * Says once that something is missing and how to have it, and returns `undefined`.
 *
 * @throws Error instead when `CI` is `true`: there, a skipped test is a hole that nobody sees.
 */
export function reportMissing({ name, variable }: { name: string; variable: string }): undefined {
  const message = `${name} is missing: \`npm test\` installs it, or set ${variable} to one that you have`;
  if (process.env['CI'] === 'true') throw new Error(message);
  process.stderr.write(`!!! SKIPPED: ${message}\n`);
  return undefined;
}
