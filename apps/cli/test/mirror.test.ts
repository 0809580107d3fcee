import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Holdfast, finish } from './support/holdfast.ts';
import { safetensorsFile } from './support/sample-files.ts';

const configuration = `version: 1
stores:
  default: { backend: local_filesystem, root: .holdfast/store }
  copy: { backend: local_filesystem, root: copy/store, durability: none }
database: { url: sqlite:.holdfast/registry.db }
`;

async function project(models: number): Promise<Holdfast> {
  const holdfast = new Holdfast();
  await holdfast.succeed(['init']);
  holdfast.write('holdfast.yaml', configuration);
  for (let number = 0; number < models; number++) {
    holdfast.write(`m${number}.safetensors`, safetensorsFile(6_000 + number));
    await holdfast.succeed(['put', `m${number}.safetensors`, '--name', `m${number}`]);
  }
  return holdfast;
}

function outcomes(stdout: string): readonly string[] {
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => (JSON.parse(line) as { outcome: string }).outcome);
}

test('mirror brings a store into another one, once, and verify looks at both', async () => {
  using holdfast = await project(2);
  const plan = await holdfast.succeed(['mirror', 'default', 'copy', '--dry-run']);
  expect(plan.stdout.match(/^would be copied {2}objects\/sha256\//gm)).toHaveLength(2);
  expect(plan.stdout.match(/^would be copied {2}versions\//gm)).toHaveLength(2);
  expect(plan.stderr).toContain('4 of 4 objects');
  expect(outcomes((await holdfast.succeed(['mirror', 'default', 'copy', '--json'])).stdout)).toEqual(
    Array<string>(4).fill('copied'),
  );
  expect((await holdfast.succeed(['mirror', 'default', 'copy'])).stderr).toContain('4 already exist');
  expect((await holdfast.succeed(['verify'])).stderr).toContain('4 objects');
  expect((await holdfast.succeed(['gc', '--store', 'copy'])).stderr).toContain('Nothing to collect.');
});

/** A project whose large model is on its way from one store to the other. */
async function underWay(): Promise<{
  readonly holdfast: Holdfast;
  readonly mirror: ChildProcessWithoutNullStreams;
}> {
  const holdfast = await project(1);
  holdfast.write('large.bin', Buffer.alloc(200_000_000, 7));
  await holdfast.succeed(['put', 'large.bin', '--name', 'large']);
  const mirror = holdfast.start(['mirror', 'default', 'copy', '--at-once', '1']);
  while (!holdfast.leftovers().some((path) => path.includes('copy/store/tmp/'))) {
    expect(mirror.exitCode, 'it ended before it could be stopped').toBeNull();
    await delay(1);
  }
  return { holdfast, mirror };
}

async function expectToGoOn(holdfast: Holdfast): Promise<void> {
  await holdfast.succeed(['mirror', 'default', 'copy']);
  expect(outcomes((await holdfast.succeed(['mirror', 'default', 'copy', '--json'])).stdout)).toEqual(
    Array<string>(4).fill('unchanged'),
  );
  await holdfast.succeed(['gc', '--grace', '0']);
  expect(readdirSync(holdfast.path('copy', 'store', 'tmp'))).toEqual([]);
  await holdfast.succeed(['verify']);
}

test('a killed mirror goes on when it is started again', async () => {
  const { holdfast, mirror } = await underWay();
  using _ended = holdfast;
  mirror.kill('SIGKILL');
  await once(mirror, 'close');
  await expectToGoOn(holdfast);
});

test('an interrupted mirror says how to go on', async () => {
  const { holdfast, mirror } = await underWay();
  using _ended = holdfast;
  const ended = finish(mirror);
  mirror.kill('SIGINT');
  const { exitCode, stderr } = await ended;
  expect([exitCode, stderr]).toEqual([
    130,
    expect.stringContaining('Start the same command again to go on.'),
  ]);
  await expectToGoOn(holdfast);
});

test('mirror refuses what cannot be', async () => {
  using holdfast = await project(1);
  const same = await holdfast.run(['mirror', 'default', 'default']);
  expect([same.exitCode, same.stderr]).toEqual([2, expect.stringContaining('into itself')]);
  const unknown = await holdfast.run(['mirror', 'default', 'lake']);
  expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringContaining('default, copy')]);
  expect(unknown.stderr).toContain('Nothing was mirrored.');
  const count = await holdfast.run(['mirror', 'default', 'copy', '--at-once', '0']);
  expect([count.exitCode, count.stderr]).toEqual([2, expect.stringContaining('--at-once')]);
});

test('mirror brings one plain folder into another without a registry, and notices what is unchanged', async () => {
  using holdfast = new Holdfast();
  holdfast.write(
    'holdfast.yaml',
    `version: 1
stores:
  default: { backend: local_filesystem, root: here, layout: plain }
  there: { backend: local_filesystem, root: there, layout: plain, durability: none }
database: { url: sqlite:.holdfast/registry.db }
`,
  );
  holdfast.write('here/a.txt', 'first');
  holdfast.write('here/b/c.txt', 'second');
  const mirror = async () =>
    outcomes((await holdfast.succeed(['mirror', 'default', 'there', '--json'])).stdout);
  expect(await mirror()).toEqual(['copied', 'copied']);
  expect(await mirror()).toEqual(['unchanged', 'unchanged']);
  holdfast.write('here/a.txt', 'FIRST');
  expect((await mirror()).toSorted()).toEqual(['replaced', 'unchanged']);
  expect(holdfast.files().filter((path) => path.startsWith('work/'))).toEqual([
    'work/here/a.txt',
    'work/here/b/c.txt',
    'work/holdfast.yaml',
    'work/there/a.txt',
    'work/there/b/c.txt',
  ]);
  holdfast.write('there/registry-claim.json', '{ "registryId": "another" }');
  const foreign = await holdfast.run(['mirror', 'default', 'there']);
  expect([foreign.exitCode, foreign.stderr]).toEqual([7, expect.stringContaining('belongs to a registry')]);
});
