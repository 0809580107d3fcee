import type { DiskStep } from './disk-history.ts';
import type { Fate, Survivors } from './disk-states.ts';

export interface ChooseOptions {
  /** How many at most. */
  readonly limit: number;
  /** From 0 to 1. */
  readonly random: () => number;
}

/**
 * Which of the unsynced changes survive: every subset where these are few; else nothing, everything, the names without
 * their bytes, the bytes without their names, everything but one, everything up to one, and random ones.
 */
export function* chooseSurvivors(
  unsynced: readonly DiskStep[],
  { limit, random }: ChooseOptions,
): Generator<Survivors> {
  if (2 ** unsynced.length + 2 * unsynced.length <= limit) {
    for (let bits = 0; bits < 2 ** unsynced.length; bits++)
      yield wholly(unsynced.filter((_, index) => ((bits >> index) & 1) === 1));
    yield* damaged(unsynced);
    return;
  }
  const telling = [...tellingOnes(unsynced)];
  yield* telling.slice(0, limit);
  const others = [...oneByOne(unsynced), ...damaged(unsynced)];
  for (let left = limit - telling.length; left > 0; left--) {
    const isRandom = others.length === 0 || left % 2 === 0;
    const [other] = isRandom ? [] : others.splice(Math.floor(random() * others.length), 1);
    yield other ?? randomOnes(unsynced, random);
  }
}

/** Those that a missing sync shows by. */
function* tellingOnes(unsynced: readonly DiskStep[]): Generator<Survivors> {
  const names = unsynced.filter(({ change }) => change.kind === 'entries');
  yield wholly([]);
  yield wholly(names);
  yield new Map(unsynced.map((step) => [step, step.change.kind === 'bytes' ? 'zeros' : 'whole']));
  yield wholly(unsynced);
  yield wholly(unsynced.filter((step) => !names.includes(step)));
}

function* oneByOne(unsynced: readonly DiskStep[]): Generator<Survivors> {
  for (const [index, step] of unsynced.entries()) {
    yield wholly(unsynced.filter((one) => one !== step));
    yield wholly([step]);
    yield wholly(unsynced.slice(0, index));
  }
}

/** Everything survives, but the bytes of one step not whole. */
function* damaged(unsynced: readonly DiskStep[]): Generator<Survivors> {
  for (const step of unsynced.filter(({ change }) => change.kind === 'bytes'))
    for (const fate of ['torn', 'zeros'] as const) yield new Map([...wholly(unsynced), [step, fate]]);
}

function randomOnes(unsynced: readonly DiskStep[], random: () => number): Survivors {
  const share = random();
  const fates: readonly Fate[] = ['whole', 'whole', 'whole', 'torn', 'zeros'];
  return new Map(
    unsynced
      .filter(() => random() < share)
      .map((step) => [step, fates[Math.floor(random() * fates.length)] ?? 'whole']),
  );
}

function wholly(steps: readonly DiskStep[]): Survivors {
  return new Map(steps.map((step) => [step, 'whole' as const]));
}
