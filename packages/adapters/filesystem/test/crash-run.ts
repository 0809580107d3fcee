import { join } from 'node:path';
import { TracedProgram } from '@holdfast/tooling-reliability';
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

const program = new TracedProgram(join(import.meta.dirname, 'crash-subject.ts'));

/** Runs the steps; the n-th call of a kind, of any thread, meets what is injected. */
export async function runSubject(
  { root, layout }: CrashSubject,
  call: string,
  fault: string,
): Promise<EndedSubject> {
  const { lines, isWhole } = await program.run([root, layout], call, fault);
  const failed = lines.filter(([word]) => word === 'failed');
  return {
    acknowledged: lines.filter(([word]) => word === 'done').map(([, step]) => Number(step)),
    failures: new Map(failed.map(([, step, code = '']) => [Number(step), code])),
    isWhole,
  };
}

/** How often an undisturbed run makes a call. */
export async function countCalls(layout: CrashSubject['layout'], call: string): Promise<number> {
  const folder = await temporaryFolder();
  const counts = await program.countCalls([join(folder.path, 'store'), layout], [call]);
  await folder.remove();
  return counts.get(call) ?? 0;
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
