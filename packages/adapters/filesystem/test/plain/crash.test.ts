import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { recordFact } from '@holdfast/tooling-reliability';
import { strace } from '@holdfast/tooling-services';
import { describe, expect, test } from 'vitest';
import {
  type EndedSubject,
  codesOfFaults,
  countCalls,
  isSame,
  outcomesOf,
  runSubject,
} from '../crash-run.ts';
import { type Contents, contentsAfter, crashSteps } from '../crash-steps.ts';
import { readSound } from '../read-sound.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const tracer = strace();
const layout = 'plain';
const states = contentsAfter(crashSteps.plain);

/** `HOLDFAST_TEST_LONG=true` injects at every call; otherwise at every few, so that CI stays short. */
const isLong = process.env['HOLDFAST_TEST_LONG'] === 'true';

/** The calls that change the disk, and how many of them lie between two injections in the short form. */
const changingCalls = {
  write: 41,
  fsync: 3,
  openat: 61,
  utimensat: 2,
  link: 1,
  rename: 1,
  unlink: 2,
  mkdir: 1,
  rmdir: 1,
} as const;

const failingCalls = {
  write: 31,
  fsync: 3,
  utimensat: 3,
  link: 1,
  rename: 2,
  unlink: 2,
  mkdir: 2,
  rmdir: 2,
} as const;

/** After a crash nothing acknowledged is lost, nothing is half there, and nothing is left once it is collected. */
async function expectSound(root: string, isAllowed: (contents: Contents) => boolean): Promise<void> {
  if (!existsSync(root)) return;
  const contents = await readSound({ root, layout });
  expect(isAllowed(contents), `the store holds ${JSON.stringify([...contents])}`).toBe(true);
}

describe.skipIf(tracer === undefined)('a writer of files that is killed', () => {
  test.for(Object.entries(changingCalls))(
    'at any %s loses nothing that it acknowledged',
    { timeout: 300_000 },
    async ([call, stride]) => {
      let kills = 0;
      for (let count = 1, isWhole = false; !isWhole; count += isLong ? 1 : stride) {
        const folder = await temporaryFolder();
        const root = join(folder.path, 'store');
        const ended = await runSubject({ root, layout }, call, `signal=SIGKILL:when=${count}`);
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
      const places = Math.ceil((await countCalls(layout, call)) / (isLong ? 1 : stride));
      expect(kills, 'how often the injected signal killed').toBeGreaterThanOrEqual(places / 2);
      recordFact({ subject: 'plain folder', measure: 'kills', detail: call, count: kills, isLong });
    },
  );
});

/** Whether a file that an earlier step failed to delete has a folder where this step wants its own. */
function isInTheWay(index: number, { failures }: EndedSubject): boolean {
  const step = crashSteps.plain[index];
  return (
    step?.kind === 'put' &&
    crashSteps.plain.some(
      (earlier, before) =>
        before < index &&
        earlier.kind === 'delete' &&
        failures.has(before) &&
        earlier.key.startsWith(`${step.key}/`),
    )
  );
}

describe.skipIf(tracer === undefined)('a disk of files that fails', () => {
  const faults = Object.entries(failingCalls).flatMap(([call, stride]) =>
    ['ENOSPC', 'EIO'].map((error) => ({ call, stride, error })),
  );

  test.for(faults)(
    'with $error at any $call keeps the old state and says why',
    { timeout: 300_000 },
    async ({ call, stride, error }) => {
      let injected = 0;
      const calls = await countCalls(layout, call);
      for (let count = 1; count <= calls; count += isLong ? 1 : stride) {
        const folder = await temporaryFolder();
        const root = join(folder.path, 'store');
        const ended = await runSubject({ root, layout }, call, `error=${error}:when=${count}`);
        for (const [index, code] of ended.failures)
          if (isInTheWay(index, ended)) expect(code).toBe('invalid-key');
          else expect(codesOfFaults).toContain(code);
        if (ended.isWhole)
          await expectSound(root, (contents) =>
            outcomesOf(crashSteps.plain, ended).some((one) => isSame(contents, one)),
          );
        await folder.remove();
        injected++;
      }
      const detail = `${error} at ${call}`;
      recordFact({ subject: 'plain folder', measure: 'injected errors', detail, count: injected, isLong });
    },
  );
});

describe.skipIf(tracer === undefined)('a name that others take and leave', () => {
  const meetings = [
    { call: 'rename', error: 'EISDIR' },
    { call: 'link', error: 'EEXIST' },
  ];

  test.for(meetings)(
    'is taken by whoever met $error at $call, once nothing is there',
    { timeout: 300_000 },
    async ({ call, error }) => {
      const calls = await countCalls(layout, call);
      expect(calls).toBeGreaterThan(0);
      for (let count = 1; count <= calls; count++) {
        const folder = await temporaryFolder();
        const root = join(folder.path, 'store');
        const ended = await runSubject({ root, layout }, call, `error=${error}:when=${count}`);
        expect([...ended.failures], `${call} ${count}`).toEqual([]);
        await expectSound(root, (contents) => isSame(contents, states.at(-1)));
        await folder.remove();
      }
    },
  );
});
