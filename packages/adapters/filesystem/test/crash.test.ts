import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { recordFact } from '@holdfast/tooling-reliability';
import { strace } from '@holdfast/tooling-services';
import { describe, expect, test } from 'vitest';
import { codesOfFaults, countCalls, isSame, outcomesOf, runSubject } from './crash-run.ts';
import { type Contents, contentsAfter, crashSteps } from './crash-steps.ts';
import { readSound } from './read-sound.ts';
import { temporaryFolder } from './temporary-folder.ts';

const tracer = strace();

/** `HOLDFAST_TEST_LONG=true` injects at every call; otherwise at every few, so that CI stays short. */
const isLong = process.env['HOLDFAST_TEST_LONG'] === 'true';

/** The calls that change the disk, and how many of them lie between two injections in the short form. */
const changingCalls = {
  pwrite64: 9,
  write: 41,
  fsync: 5,
  openat: 61,
  unlink: 2,
  link: 1,
  mkdir: 1,
  ftruncate: 1,
} as const;

const failingCalls = { pwrite64: 13, fsync: 7, link: 2, unlink: 4, mkdir: 3 } as const;

const states = contentsAfter(crashSteps.store);

/** After a crash nothing acknowledged is lost, nothing is half there, and nothing is left once it is collected. */
async function expectSound(root: string, isAllowed: (contents: Contents) => boolean): Promise<void> {
  if (!existsSync(root)) return;
  const contents = await readSound({ root, layout: 'store' });
  expect(isAllowed(contents), `the store holds ${JSON.stringify([...contents])}`).toBe(true);
}

describe.skipIf(tracer === undefined)('a writer that is killed', () => {
  test.for(Object.entries(changingCalls))(
    'at any %s loses nothing that it acknowledged',
    { timeout: 300_000 },
    async ([call, stride]) => {
      let kills = 0;
      for (let count = 1, isWhole = false; !isWhole; count += isLong ? 1 : stride) {
        const folder = await temporaryFolder();
        const root = join(folder.path, 'store');
        const ended = await runSubject({ root, layout: 'store' }, call, `signal=SIGKILL:when=${count}`);
        const done = ended.acknowledged.length;
        expect([...ended.failures]).toEqual([]);
        await expectSound(
          root,
          (contents) => isSame(contents, states[done]) || isSame(contents, states[done + 1]),
        );
        await folder.remove();
        ({ isWhole } = ended);
        if (!isWhole) kills++;
      }
      const places = Math.ceil((await countCalls('store', call)) / (isLong ? 1 : stride));
      expect(kills, 'how often the injected signal killed').toBeGreaterThanOrEqual(places / 2);
      recordFact({ subject: 'store', measure: 'kills', detail: call, count: kills, isLong });
    },
  );
});

describe.skipIf(tracer === undefined)('a disk that fails', () => {
  const faults = Object.entries(failingCalls).flatMap(([call, stride]) =>
    ['ENOSPC', 'EIO'].map((error) => ({ call, stride, error })),
  );

  test.for(faults)(
    'with $error at any $call keeps the old state and says why',
    { timeout: 300_000 },
    async ({ call, stride, error }) => {
      let injected = 0;
      const calls = await countCalls('store', call);
      for (let count = 1; count <= calls; count += isLong ? 1 : stride) {
        const folder = await temporaryFolder();
        const root = join(folder.path, 'store');
        const ended = await runSubject({ root, layout: 'store' }, call, `error=${error}:when=${count}`);
        for (const code of ended.failures.values()) expect(codesOfFaults).toContain(code);
        expect(ended.isWhole, `it died of ${error} at call ${count}`).toBe(true);
        await expectSound(root, (contents) =>
          outcomesOf(crashSteps.store, ended).some((one) => isSame(contents, one)),
        );
        await folder.remove();
        injected++;
      }
      const detail = `${error} at ${call}`;
      recordFact({ subject: 'store', measure: 'injected errors', detail, count: injected, isLong });
    },
  );
});
