import { existsSync, readdirSync } from 'node:fs';
import { strace } from '@holdfast/tooling-services';
import { expect, onTestFinished, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';

const tracer = strace();

/** A project with a version of a folder, and an older one at `out`. */
async function project(): Promise<Holdfast> {
  const holdfast = new Holdfast();
  onTestFinished(() => holdfast[Symbol.dispose]());
  await holdfast.succeed(['init']);
  holdfast.write('tree/new', 'x');
  holdfast.write('out/old', 'y');
  await holdfast.succeed(['put', 'tree', '--name', 'tree']);
  return holdfast;
}

/** Of the renames of a get: two are of its notes, the third one moves the old folder aside. */
const secondRenameOfFolders = 4;

/** Gets the version into `out`, and dies when the new folder is to take the place of the old one. */
async function getKilled(holdfast: Holdfast): Promise<void> {
  const injection = `inject=rename:signal=KILL:when=${secondRenameOfFolders}`;
  const through = [tracer ?? '', '-qq', '-f', '-o', '/dev/null', '-e', injection];
  // strace counts the calls of each thread for itself.
  const environment = { UV_THREADPOOL_SIZE: '1' };
  await holdfast.run(['get', 'tree', '-o', 'out', '--force'], { through, environment });
  expect(existsSync(holdfast.path('out'))).toBe(false);
}

test.skipIf(tracer === undefined)(
  'after a get that was killed between its two renames, the next command puts the old folder back',
  async () => {
    const holdfast = await project();
    const out = holdfast.path('out');
    for (const command of ['gc', 'doctor']) {
      await getKilled(holdfast);
      expect((await holdfast.succeed([command])).stdout.replaceAll(/\s+/g, ' ')).toContain(
        `${out} was put back`,
      );
      expect(readdirSync(out)).toEqual(['old']);
      expect(holdfast.leftovers()).toEqual([]);
    }
    await getKilled(holdfast);
    expect((await holdfast.run(['get', 'tree', '-o', 'out'])).exitCode).toBe(4);
    expect(readdirSync(out)).toEqual(['old']);
    expect(holdfast.leftovers()).toEqual([]);
  },
);
