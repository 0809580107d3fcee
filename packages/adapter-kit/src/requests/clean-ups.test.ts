import { expect, test } from 'vitest';
import { CleanUps } from './clean-ups.ts';

const never = new Promise<void>(() => undefined);

test('waits a little for what takes long, and to the end when its owner ends', async () => {
  const cleanUps = new CleanUps({ sleep: async () => undefined });
  const gate = Promise.withResolvers<void>();
  await cleanUps.run(() => gate.promise);
  let isEnded = false;
  const ended = cleanUps.end().then(() => (isEnded = true));
  await new Promise(setImmediate);
  expect(isEnded).toBe(false);
  gate.resolve();
  expect(await ended).toBe(true);
});

test('does not wait longer than the work, and keeps its failure to itself', async () => {
  const cleanUps = new CleanUps({ sleep: () => never });
  await expect(cleanUps.run(() => Promise.reject(new Error('no way to clean up')))).resolves.toBeUndefined();
  await expect(cleanUps.end()).resolves.toBeUndefined();
});
