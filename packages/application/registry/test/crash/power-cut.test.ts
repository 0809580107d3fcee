import { join } from 'node:path';
import { type FolderContents, TracedProgram, recordFact, tryPowerCuts } from '@holdfast/tooling-reliability';
import { strace } from '@holdfast/tooling-services';
import { describe, expect, test } from 'vitest';
import { openServices } from '../race/open-services.ts';
import { type Published, crashPlans, prepare, publishedAfter } from './crash-plans.ts';
import { readSound } from './read-sound.ts';

/** `HOLDFAST_TEST_LONG=true` tries a longer plan, and many more of what may be on the disk at each moment. */
const isLong = process.env['HOLDFAST_TEST_LONG'] === 'true';

const program = new TracedProgram(join(import.meta.dirname, 'crash-subject.ts'));

describe.skipIf(strace() === undefined)('a power cut', () => {
  test('at any moment takes nothing that was acknowledged', { timeout: 1_800_000 }, async () => {
    const plan = isLong ? 'everything' : 'brief';
    const { states, contents } = await tryPowerCuts({
      program,
      parameters: (folder) => [folder, plan],
      prepare: prepareIn,
      observe: async (folder) => contentsOf(await readSound(folder)),
      statesPerMoment: isLong ? 40 : 6,
    });
    expect(contents).toEqual(contentsOf(publishedAfter(crashPlans[plan] ?? []).at(-1) ?? []));
    const measure = 'states after a power cut';
    recordFact({ subject: 'registry', measure, detail: 'save, remove, collect', count: states, isLong });
  });
});

function contentsOf(published: Published): FolderContents {
  return new Map(published.map((version) => [version, 'whole']));
}

async function prepareIn(folder: string): Promise<void> {
  await using services = await openServices(folder);
  await prepare(services);
}
