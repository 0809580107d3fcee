import { join } from 'node:path';
import { Durability } from '@holdfast/adapter-filesystem';
import { type KnownContents, TracedProgram, recordFact, tryPowerCuts } from '@holdfast/tooling-reliability';
import { strace } from '@holdfast/tooling-services';
import { describe, expect, test } from 'vitest';
import { isSame } from './crash-run.ts';
import { type Contents, contentsAfter, crashSteps } from './crash-steps.ts';
import { readSound } from './read-sound.ts';

/** `HOLDFAST_TEST_LONG=true` tries many more of what may be on the disk at each moment. */
const isLong = process.env['HOLDFAST_TEST_LONG'] === 'true';

const program = new TracedProgram(join(import.meta.dirname, 'crash-subject.ts'));

/** A synced write holds from its acknowledgement on; one whose bytes only are synced may be taken back, whole. */
const promises = [
  { layout: 'store', durability: Durability.Full, isAllowed: undefined },
  { layout: 'store', durability: Durability.Data, isAllowed: isAnyEarlier },
  { layout: 'plain', durability: Durability.Full, isAllowed: undefined },
  { layout: 'plain', durability: Durability.Data, isAllowed: holdsEarlierBytes },
] as const;

describe.skipIf(strace() === undefined)('a power cut', () => {
  test.for(promises)(
    'at any moment takes nothing that was acknowledged: $layout, $durability',
    { timeout: 1_800_000 },
    async ({ layout, durability, isAllowed }) => {
      const rootIn = (folder: string): string => join(folder, 'parent', 'store');
      const { states, contents } = await tryPowerCuts({
        program,
        parameters: (folder) => [rootIn(folder), layout, durability],
        observe: (folder) => readSound({ root: rootIn(folder), layout }),
        statesPerMoment: isLong ? 200 : 16,
        ...(isAllowed === undefined ? {} : { isAllowed }),
      });
      expect(isSame(contents, contentsAfter(crashSteps[layout]).at(-1))).toBe(true);
      const subject = layout === 'store' ? 'store' : 'plain folder';
      const measure = 'states after a power cut';
      recordFact({ subject, measure, detail: `durability ${durability}`, count: states, isLong });
    },
  );
});

function isAnyEarlier(contents: Contents, { earlier, acknowledged, next }: KnownContents): boolean {
  return [...earlier, acknowledged, next].some((one) => one !== undefined && isSame(contents, one));
}

function holdsEarlierBytes(contents: Contents, { earlier, acknowledged, next }: KnownContents): boolean {
  const known = [...earlier, acknowledged, ...(next === undefined ? [] : [next])];
  return [...contents].every(([key, digest]) => known.some((one) => one.get(key) === digest));
}
