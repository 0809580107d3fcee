import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { strace } from '@holdfast/tooling-services';
import { type Contents, type CrashStep, applyStep } from './crash-steps.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The store that a subject changes. */
export interface CrashSubject {
  readonly root: string;
  readonly layout: 'store' | 'plain';
}

/** How the steps of a subject ended. */
export interface EndedSubject {
  readonly acknowledged: readonly number[];
  /** The codes of the steps that failed, by step. */
  readonly failures: ReadonlyMap<number, string>;
  readonly isWhole: boolean;
}

/** Runs the steps; the n-th call of a kind, of any thread, meets what is injected. */
export function runSubject(subject: CrashSubject, call: string, fault: string): Promise<EndedSubject> {
  return runTraced(['-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:${fault}`], subject);
}

/** One thread for files, so that the n-th call is the same call every time. */
function runTraced(tracing: readonly string[], { root, layout }: CrashSubject): Promise<EndedSubject> {
  const script = join(import.meta.dirname, 'crash-subject.ts');
  const parameters = [
    '-f',
    '-qqq',
    ...tracing,
    process.execPath,
    '--conditions=@holdfast/source',
    script,
    root,
    layout,
  ];
  const env = { ...process.env, UV_THREADPOOL_SIZE: '1', NODE_OPTIONS: '' };
  return new Promise((resolve) => {
    execFile(strace() ?? 'strace', parameters, { env, timeout: 20_000 }, (error, stdout) => {
      const lines = stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' '));
      resolve({
        acknowledged: lines.filter(([word]) => word === 'done').map(([, step]) => Number(step)),
        failures: new Map(
          lines.filter(([word]) => word === 'failed').map(([, step, code = '']) => [Number(step), code]),
        ),
        isWhole: error === null,
      });
    });
  });
}

/** How often an undisturbed run makes a call. */
export async function countCalls(layout: CrashSubject['layout'], call: string): Promise<number> {
  const folder = await temporaryFolder();
  const log = join(folder.path, 'calls');
  await runTraced(['-o', log, '-e', `trace=${call}`], { root: join(folder.path, 'store'), layout });
  const calls = (await readFile(log, 'utf8')).split('\n').filter((line) => line.includes(`${call}(`)).length;
  await folder.remove();
  return calls;
}

/** Whether two stores hold the same. */
export function isSame(left: Contents, right: Contents | undefined): boolean {
  return (
    right !== undefined &&
    left.size === right.size &&
    [...left].every(([key, digest]) => right.get(key) === digest)
  );
}

/** What a failing disk may be told as; a step may also miss what an earlier one failed to make. */
export const codesOfFaults: readonly string[] = [
  'quota-exceeded',
  'unavailable',
  'indeterminate',
  'not-found',
];

/** What the store may hold when some steps failed: an indeterminate one may have happened. */
export function outcomesOf(steps: readonly CrashStep[], ended: EndedSubject): readonly Contents[] {
  let outcomes: readonly Contents[] = [new Map()];
  for (const [index, step] of steps.entries()) {
    const code = ended.failures.get(index);
    if (code === undefined) outcomes = outcomes.map((contents) => applyStep(contents, step));
    else if (code === 'indeterminate')
      outcomes = outcomes.flatMap((contents) => [contents, applyStep(contents, step)]);
  }
  return outcomes;
}
