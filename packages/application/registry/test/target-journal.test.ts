import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelPersistenceService, TargetJournal } from '@holdfast/registry';
import { TemporaryFolder } from '@holdfast/tooling-services';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { expectCode } from './support/expect-code.ts';
import { writeFolder } from './support/folders.ts';
import { World, sampleBytes } from './support/world.ts';

let folder: TemporaryFolder;
let out: string;

beforeEach(async () => {
  folder = await TemporaryFolder.make();
  out = folder.join('out');
  await mkdir(out);
  await writeFile(join(out, 'old'), '');
});

afterEach(() => folder[Symbol.asyncDispose]());

const journalOf = (hasEnded = true): TargetJournal =>
  new TargetJournal({ folder: folder.join('journal'), owner: 'me-', hasEnded: () => hasEnded });

/** A replacement of the folder that stops after so many steps, as a killed process does. */
async function replaceUntil(steps: number): Promise<void> {
  const { temporary, aside, willReplace } = await journalOf().begin(out);
  const work = [
    async () => {
      await mkdir(temporary);
      await writeFile(join(temporary, 'new'), '');
    },
    willReplace,
    () => rename(out, aside),
    () => rename(temporary, out),
    () => rm(aside, { recursive: true }),
  ];
  for (const step of work.slice(0, steps)) await step();
}

async function names(): Promise<readonly string[]> {
  return (await readdir(folder.path, { recursive: true }))
    .filter((name) => !name.startsWith('journal'))
    .toSorted();
}

test.each([
  ['nothing was made', 0, { name: 'old', outcomes: [] }],
  ['the new folder is written', 1, { name: 'old', outcomes: ['removed'] }],
  ['the replacement is noted', 2, { name: 'old', outcomes: ['removed'] }],
  ['the old folder stepped aside', 3, { name: 'old', outcomes: ['put back', 'removed'] }],
  ['the new folder took its place', 4, { name: 'new', outcomes: ['removed'] }],
  ['the old folder is gone', 5, { name: 'new', outcomes: [] }],
] as const)(
  'a command that was killed when %s leaves a folder, and nothing else',
  async (_when, steps, { name, outcomes }) => {
    await replaceUntil(steps);
    const before = await names();
    const planned = await journalOf().recover({ isDryRun: true });
    expect(await names()).toEqual(before);
    const recovered = await journalOf().recover();
    expect(recovered).toEqual(planned);
    expect(recovered.map(({ outcome }) => outcome)).toEqual(outcomes);
    expect(await names()).toEqual(['out', join('out', name)]);
    expect(await readdir(folder.join('journal'))).toEqual([]);
  },
);

test('an old folder whose place something else took is kept, however often that is looked at', async () => {
  await replaceUntil(3);
  await mkdir(out);
  for (let round = 0; round < 2; round++) {
    const recovered = await journalOf().recover();
    expect(recovered.at(0)).toMatchObject({ path: out, outcome: 'kept' });
    expect(await readdir(recovered.at(0)?.leftover ?? '')).toEqual(['old']);
  }
});

test('what a living process is writing is left alone', async () => {
  await replaceUntil(3);
  const before = await names();
  expect(await journalOf(false).recover()).toEqual([]);
  expect(await names()).toEqual(before);
});

test('a note that names what no journal makes removes nothing', async () => {
  await mkdir(folder.join('journal'));
  for (const [index, note] of [
    '',
    'null',
    '{',
    JSON.stringify({ path: out, temporary: out, aside: out }),
    JSON.stringify({ path: out, temporary: join(out, 'old'), aside: join(out, 'old') }),
  ].entries())
    await writeFile(folder.join('journal', `me-${index}`), note);
  expect(await journalOf().recover()).toEqual([]);
  expect(await names()).toEqual(['out', join('out', 'old')]);
});

test('versions are written under noted names, and nothing is noted afterwards', async () => {
  await using world = await World.make('memory');
  const tree = world.folder.join('tree');
  await writeFolder(tree, { a: sampleBytes(10) });
  const file = await world.persistence.saveFile(join(tree, 'a'), { name: 'file' });
  const saved = await world.persistence.saveFolder(tree, { name: 'tree' });
  const targets = journalOf();
  const notes: string[] = [];
  const persistence = new ModelPersistenceService({
    registry: world.registry,
    storage: world.storage,
    targets,
  });
  const onProgress = async (): Promise<void> => {
    notes.push(...(await readdir(folder.join('journal'))));
  };
  const waiting: Promise<void>[] = [];
  for (const { version } of [file, saved])
    await persistence.loadToPath(version, folder.join(`${version.modelName}-out`), {
      onProgress: () => void waiting.push(onProgress()),
    });
  await Promise.all(waiting);
  expect(notes.length).toBeGreaterThan(0);
  expect(await readdir(folder.join('journal'))).toEqual([]);
});

test('a get works where the journal cannot be written', async () => {
  await using world = await World.make('memory');
  const { version } = await world.persistence.save(sampleBytes(10), { name: 'm' });
  await writeFile(folder.join('journal'), 'in the way');
  const persistence = new ModelPersistenceService({
    registry: world.registry,
    storage: world.storage,
    targets: journalOf(),
  });
  await persistence.loadToPath(version, folder.join('copy'));
  expect(await readFile(folder.join('copy'))).toHaveLength(10);
});

test('names that Windows reads as something else are refused there before anything is written', async () => {
  await using world = await World.make('memory');
  const tree = world.folder.join('tree');
  await writeFolder(tree, { 'a\\..\\..\\b': sampleBytes(10) });
  const { version } = await world.persistence.saveFolder(tree, { name: 'tree' });
  vi.spyOn(process, 'platform', 'get').mockReturnValue('win32');
  onTestFinished(() => void vi.restoreAllMocks());
  const error = await expectCode(world.persistence.loadToPath(version, folder.join('copy')), 'unsupported');
  expect(error.message).toContain('cannot be written on Windows');
  expect(await names()).toEqual(['out', join('out', 'old')]);
});
