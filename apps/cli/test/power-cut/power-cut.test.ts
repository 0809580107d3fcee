import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TracedProgram, recordFact, tryPowerCuts } from '@holdfast/tooling-reliability';
import { strace } from '@holdfast/tooling-services';
import { describe, expect, test } from 'vitest';
import { CommandLines } from './command-lines.ts';
import { observeProject } from './observe-project.ts';

/** `HOLDFAST_TEST_LONG=true` tries many more of what may be on the disk at each moment. */
const isLong = process.env['HOLDFAST_TEST_LONG'] === 'true';

const program = new TracedProgram(join(import.meta.dirname, 'run-commands.ts'));

/** Commands of which each holds once it has ended. */
interface Scenario {
  readonly detail: string;
  /** Other commands in the same project, long before. */
  readonly prepare?: (project: CommandLines) => Promise<void>;
  readonly commands: readonly string[];
  /** What there is in the end, by the names of {@link observeProject}. */
  readonly there: readonly string[];
  /** What is made one by one. */
  readonly mayLackMeanwhile?: readonly string[];
  /** How many states are tried at each moment in the short form. @default 3 */
  readonly statesPerMoment?: number;
}

async function saveSome(project: CommandLines): Promise<void> {
  for (const name of ['large.bin', 'other.bin']) await project.succeed(`put ${name} --name m`);
  for (const name of ['folder', 'folder/inner']) await project.succeed(`put ${name} --name tree`);
}

function configure({ workingFolder }: CommandLines, stores: string): void {
  writeFileSync(join(workingFolder, 'holdfast.yaml'), `stores: ${stores}\n`);
}

const some = ['m:1', 'm:2', 'tree:1', 'tree:2'];

const scenarios: readonly Scenario[] = [
  {
    detail: 'a new project',
    commands: ['init', 'put small.bin --name m'],
    there: ['m:1'],
  },
  {
    detail: 'put, alias, rm',
    prepare: saveSome,
    commands: ['put small.bin --name m', 'alias m champion 3', 'rm m:2 --yes'],
    there: ['m:1', 'm:3', 'm@champion', 'tree:1', 'tree:2'],
  },
  {
    detail: 'put into a plain folder',
    prepare: async (project) =>
      configure(project, '{ default: { backend: local_filesystem, root: ./files, layout: plain } }'),
    commands: ['put small.bin --name m', 'put folder --name tree'],
    there: ['m:1', 'tree:1'],
  },
  {
    detail: 'put into an SQLite file',
    prepare: async (project) =>
      configure(project, '{ default: { backend: database, url: "sqlite:objects.db" } }'),
    commands: ['put large.bin --name m'],
    there: ['m:1'],
  },
  {
    detail: 'mirror',
    prepare: async (project) => {
      const folders = ['default', 'second'].map(
        (name) => `${name}: { backend: local_filesystem, root: ./${name} }`,
      );
      configure(project, `{ ${folders.join(', ')} }`);
      await saveSome(project);
    },
    commands: ['mirror default second'],
    there: [...some, ...some.map((name) => `${name} in second`)],
    mayLackMeanwhile: some.map((name) => `${name} in second`),
  },
  {
    detail: 'registry rebuild',
    prepare: async (project) => {
      configure(project, '{ default: { backend: local_filesystem, root: ./files } }');
      await saveSome(project);
      rmSync(join(project.workingFolder, '.holdfast'), { recursive: true });
    },
    commands: ['registry rebuild default --yes'],
    there: some,
  },
  {
    detail: 'get',
    prepare: saveSome,
    commands: ['get m:1 -o out/file', 'get m:2 -o out/file --force', 'get tree:1 -o out/folder'],
    there: [...some, 'file', 'folder'],
  },
  {
    detail: 'get over a folder',
    prepare: async (project) => {
      await saveSome(project);
      await project.succeed('get tree:1 -o out/folder');
      rmSync(project.environment['XDG_CACHE_HOME'] ?? '', { recursive: true });
    },
    commands: ['get tree:2 -o out/folder --force'],
    there: [...some, 'folder'],
    statesPerMoment: 40,
  },
  {
    detail: 'backup',
    prepare: saveSome,
    commands: ['backup out/one.hfb', 'backup out/one.hfb --force'],
    there: [...some, 'one.hfb'],
  },
  {
    detail: 'restore',
    prepare: async (project) => {
      await saveSome(project);
      await project.succeed('backup one.hfb');
      rmSync(project.environment['XDG_DATA_HOME'] ?? '', { recursive: true });
    },
    commands: ['restore one.hfb'],
    there: some,
  },
];

describe.skipIf(strace() === undefined)('a power cut', () => {
  test.for(scenarios)(
    'at any moment takes nothing of a command that had ended: $detail',
    { timeout: 1_800_000 },
    async ({ detail, prepare, commands, there, mayLackMeanwhile, statesPerMoment = 3 }) => {
      const { states, contents } = await tryPowerCuts({
        program,
        parameters: (folder) => [folder, JSON.stringify(commands)],
        prepare: async (folder) => {
          const project = new CommandLines(folder);
          writeSamples(project.workingFolder);
          await prepare?.(project);
        },
        observe: observeProject,
        ...(mayLackMeanwhile === undefined ? {} : { mayLackMeanwhile }),
        statesPerMoment: isLong ? 40 : statesPerMoment,
      });
      expect([...contents.keys()].toSorted(byName)).toEqual(there.toSorted(byName));
      const measure = 'states after a power cut';
      recordFact({ subject: 'command line', measure, detail, count: states, isLong });
    },
  );
});

function writeSamples(folder: string): void {
  mkdirSync(join(folder, 'out'));
  mkdirSync(join(folder, 'folder', 'inner'), { recursive: true });
  const samples = { 'small.bin': 300, 'other.bin': 400, 'large.bin': 40_000 };
  for (const [name, size] of Object.entries(samples)) {
    writeFileSync(join(folder, name), Buffer.alloc(size, name));
    writeFileSync(join(folder, 'folder', 'inner', name), Buffer.alloc(size, `inner ${name}`));
  }
}

function byName(left: string, right: string): number {
  return left < right ? -1 : 1;
}
