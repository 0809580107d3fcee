import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { TracedProgram, recordFact } from '@holdfast/tooling-reliability';
import { strace, TemporaryFolder } from '@holdfast/tooling-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openServices } from '../race/open-services.ts';
import { type Published, applyDeed, crashPlans, prepare, publishedAfter } from './crash-plans.ts';
import { readSound } from './read-sound.ts';

/** `HOLDFAST_TEST_LONG=true` injects at every call; otherwise at every few, so that CI stays short. */
const isLong = process.env['HOLDFAST_TEST_LONG'] === 'true';
const randomKills = isLong ? 60 : 4;

/** The calls that change the disk. In the short form, a few of them, each at two places of every plan. */
const changingCalls = isLong
  ? ['pwrite64', 'fsync', 'unlink', 'link', 'mkdir', 'ftruncate']
  : ['pwrite64', 'fsync', 'unlink'];
const faults = isLong
  ? [
      'ENOSPC at pwrite64',
      'ENOSPC at fsync',
      'EIO at fsync',
      'EIO at unlink',
      'ENOSPC at link',
      'EIO at link',
    ]
  : ['ENOSPC at pwrite64', 'EIO at fsync'];

/** What a failing disk may be told as; what follows a failure may miss what that failed to make. */
const codesOfFaults = ['quota-exceeded', 'unavailable', 'indeterminate', 'not-found'];

const plans = ['publish', 'remove', 'collect'];
const program = new TracedProgram(join(import.meta.dirname, 'crash-subject.ts'));
let template: TemporaryFolder;
let callsOf: ReadonlyMap<string, ReadonlyMap<string, number>>;

beforeAll(async () => {
  template = await TemporaryFolder.make();
  await using services = await openServices(template.path);
  await prepare(services);
  if (strace() !== undefined) callsOf = new Map(await Promise.all(plans.map(countCalls)));
});

afterAll(() => template[Symbol.asyncDispose]());

/** A folder in which everything is prepared. */
async function makeFolder(): Promise<TemporaryFolder> {
  const folder = await TemporaryFolder.make();
  await cp(template.path, folder.path, { recursive: true });
  return folder;
}

async function countCalls(plan: string): Promise<readonly [string, ReadonlyMap<string, number>]> {
  await using folder = await makeFolder();
  return [plan, await program.countCalls([folder.path, plan], changingCalls)];
}

/** At which of the calls something is injected. */
function placesOf(plan: string, call: string): readonly number[] {
  const count = callsOf.get(plan)?.get(call) ?? 0;
  if (isLong) return Array.from({ length: count }, (_, index) => index + 1);
  return [...new Set([count * 0.4, count * 0.8].map(Math.ceil))].filter((at) => at > 0);
}

interface EndedSubject {
  readonly acknowledged: number;
  /** The codes of the deeds that failed, by deed. */
  readonly failures: ReadonlyMap<number, string>;
  readonly isWhole: boolean;
  readonly complaints: string;
}

async function runSubject(parameters: readonly string[], call: string, fault: string): Promise<EndedSubject> {
  const { lines, isWhole, complaints } = await program.run(parameters, call, fault);
  const failed = lines.filter(([word]) => word === 'failed');
  return {
    acknowledged: lines.filter(([word]) => word === 'done').length,
    failures: new Map(failed.map(([, deed, code = '']) => [Number(deed), code])),
    isWhole,
    complaints,
  };
}

/** After a crash: the versions are the allowed ones and whole; once it is collected, nothing else is left anywhere. */
async function expectSound(
  folder: TemporaryFolder,
  isAllowed: (published: Published) => boolean,
): Promise<void> {
  const published = await readSound(folder.path);
  expect(isAllowed(published), `there is ${JSON.stringify(published)}`).toBe(true);
}

const isSame = (left: Published, right: Published | undefined): boolean =>
  JSON.stringify(left) === JSON.stringify(right);

/** What there may be when some deeds failed: those may have been done all the same, if that is not known. */
function outcomesOf(plan: string, { failures }: EndedSubject): readonly Published[] {
  let [outcomes] = [publishedAfter([])];
  for (const [index, deed] of (crashPlans[plan] ?? []).entries()) {
    const code = failures.get(index);
    const done = outcomes.map((published) => applyDeed(published, deed));
    if (code === undefined) outcomes = done;
    // A removal whose bytes could not be freed says so after the versions are gone.
    else if (code === 'indeterminate' || deed.kind === 'remove') outcomes = [...outcomes, ...done];
  }
  return outcomes;
}

describe.skipIf(strace() === undefined).concurrent('a command that is killed', () => {
  const kills = plans.flatMap((plan) => changingCalls.map((call) => ({ plan, call })));

  test.for(kills)(
    '$plan at any $call loses nothing that it acknowledged, and leaves nothing',
    { timeout: 1_800_000 },
    async ({ plan, call }) => {
      const states = publishedAfter(crashPlans[plan] ?? []);
      let count = 0;
      for (const at of placesOf(plan, call)) {
        await using folder = await makeFolder();
        const ended = await runSubject([folder.path, plan], call, `signal=SIGKILL:when=${at}`);
        expect([...ended.failures], ended.complaints).toEqual([]);
        const done = ended.acknowledged;
        await expectSound(
          folder,
          (published) => isSame(published, states[done]) || isSame(published, states[done + 1]),
        );
        if (!ended.isWhole) count++;
      }
      const places = placesOf(plan, call).length;
      expect(count, 'how often the injected signal killed').toBeGreaterThanOrEqual(places / 2);
      recordFact({ subject: 'registry', measure: 'kills', detail: `${plan}, ${call}`, count, isLong });
    },
  );
});

describe('a command that is killed at any moment', () => {
  const plan = 'everything';
  const states = publishedAfter(crashPlans[plan] ?? []);

  test('loses nothing that it acknowledged, and leaves nothing', { timeout: 1_800_000 }, async () => {
    await using rehearsal = await makeFolder();
    const began = performance.now();
    expect(await runAndKill(rehearsal.path, undefined)).toEqual({
      acknowledged: states.length - 1,
      isWhole: true,
    });
    const wholeMs = performance.now() - began;
    let count = 0;
    for (let run = 0; run < randomKills; run++) {
      await using folder = await makeFolder();
      const { acknowledged, isWhole } = await runAndKill(folder.path, Math.random() * wholeMs);
      await expectSound(
        folder,
        (published) => isSame(published, states[acknowledged]) || isSame(published, states[acknowledged + 1]),
      );
      if (!isWhole) count++;
    }
    recordFact({ subject: 'registry', measure: 'kills', detail: 'at random moments', count, isLong });
  });

  /** @param killAfterMs when it is killed; never when `undefined`. */
  async function runAndKill(
    folder: string,
    killAfterMs: number | undefined,
  ): Promise<{ readonly acknowledged: number; readonly isWhole: boolean }> {
    const subject = join(import.meta.dirname, 'crash-subject.ts');
    const child = spawn(process.execPath, ['--conditions=@holdfast/source', subject, folder, plan], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    const said = text(child.stdout);
    const ended = once(child, 'close');
    if (killAfterMs !== undefined) await Promise.race([delay(killAfterMs), ended]);
    if (killAfterMs !== undefined) child.kill('SIGKILL');
    const [exitCode] = (await ended) as [number | null];
    const lines = (await said).trim().split('\n');
    expect(lines.filter((line) => line.startsWith('failed'))).toEqual([]);
    return { acknowledged: lines.filter((line) => line.startsWith('done')).length, isWhole: exitCode === 0 };
  }
});

describe.skipIf(strace() === undefined).concurrent('a disk that fails', () => {
  const cases = plans.flatMap((plan) => faults.map((fault) => ({ plan, fault })));

  test.for(cases)(
    '$plan with $fault, at any such call, keeps the old state and says why',
    { timeout: 1_800_000 },
    async ({ plan, fault }) => {
      const [error = '', call = ''] = fault.split(' at ');
      let count = 0;
      for (const at of placesOf(plan, call)) {
        await using folder = await makeFolder();
        const ended = await runSubject([folder.path, plan], call, `error=${error}:when=${at}`);
        expect(ended.isWhole, ended.complaints).toBe(true);
        for (const code of ended.failures.values()) expect(codesOfFaults, ended.complaints).toContain(code);
        await expectSound(folder, (published) =>
          outcomesOf(plan, ended).some((one) => isSame(published, one)),
        );
        count++;
      }
      recordFact({
        subject: 'registry',
        measure: 'injected errors',
        detail: `${plan}, ${fault}`,
        count,
        isLong,
      });
    },
  );
});
