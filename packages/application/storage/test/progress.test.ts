import type { TransferProgress } from '@holdfast/storage';
import { TemporaryFolder } from '@holdfast/tooling-services';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gather } from './support/expect-code.ts';
import { lending, sampleBytes } from './support/sources.ts';
import { makeSubject, storageSubjects } from './support/storage-subjects.ts';

/** Every phase goes up, never past the total, and ends there; phases follow each other. */
function expectOrderly(told: readonly TransferProgress[], sizeBytes: number, isSizeKnown: boolean): void {
  const phases = [...new Set(told.map(({ phase }) => phase))];
  expect(told.map(({ phase }) => phase)).toEqual(
    phases.flatMap((phase) => told.filter((one) => one.phase === phase).map(() => phase)),
  );
  for (const phase of phases) {
    const bytes = told.filter((one) => one.phase === phase).map((one) => one.bytes);
    expect(bytes).toEqual(bytes.toSorted((a, b) => a - b));
    expect(bytes.at(-1)).toBe(sizeBytes);
  }
  const isTold = (phase: string): boolean =>
    isSizeKnown || phase !== (phases.includes('hash') ? 'hash' : 'write');
  for (const { phase, totalBytes } of told) expect(totalBytes).toBe(isTold(phase) ? sizeBytes : undefined);
}

describe.each(Object.entries(storageSubjects))('%s', (_name, make) => {
  test('progress of saving and reading goes up to the total, phase by phase', async () => {
    await using subject = await makeSubject(make);
    await using folder = await TemporaryFolder.make();
    const { service } = subject;
    const sizes = fc.integer({ min: 1, max: 40_000 });
    await fc.assert(
      fc.asyncProperty(
        sizes,
        fc.integer({ min: 1, max: 20_000 }),
        fc.constantFrom('stream', 'announced', 'bytes', 'named'),
        async (size, chunk, form) => {
          const bytes = sampleBytes(size, size * 31 + chunk);
          const told: TransferProgress[] = [];
          const onProgress = (progress: TransferProgress): void => void told.push(progress);
          const source = form === 'bytes' ? bytes : lending(bytes, [chunk]);
          const info = await service.save(source, {
            format: 'binary',
            onProgress,
            ...(form === 'announced' ? { sizeBytes: size } : {}),
            ...(form === 'named' ? { key: `named/${size}-${chunk}` } : {}),
          });
          expect(told.length).toBeGreaterThan(0);
          expectOrderly(told, size, form === 'announced' || form === 'bytes');

          const path = folder.join('out');
          for (const read of [
            () => service.load(info, { onProgress }),
            () => service.verify(info, { onProgress }),
            () => gather(service.loadStream(info, { onProgress })),
            () => service.loadToFile(info, path, { onProgress, overwrite: true }),
          ]) {
            told.length = 0;
            await read();
            expect(told.length).toBeGreaterThan(0);
            expect(told.every(({ phase }) => phase === 'read')).toBe(true);
            expectOrderly(told, size, true);
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  test('progress is told at least every 4 MiB', async () => {
    await using subject = await makeSubject(make);
    const size = 9 * 1_048_576;
    for (const source of [new Uint8Array(size), lending(new Uint8Array(size), [size])]) {
      const told: TransferProgress[] = [];
      const info = await subject.service.save(source, {
        format: 'binary',
        onProgress: (progress) => told.push(progress),
        isDamaged: async () => true,
      });
      await subject.service.verify(info, { onProgress: (progress) => told.push(progress) });
      for (const [index, { phase, bytes }] of told.entries()) {
        const before = told[index - 1];
        expect(
          bytes - (before?.phase === phase && before.bytes < bytes ? before.bytes : 0),
        ).toBeLessThanOrEqual(4_194_304);
      }
    }
  });
});
