import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Amount } from '../framework/amount.ts';
import { type Benchmark, BenchmarkGroup, type Contender, type Contest } from '../framework/benchmark.ts';
import { bundleExecutable } from '../framework/bundle-executable.ts';
import { type EndedProcess, runNode } from '../framework/child-process.ts';
import type { Setting } from '../framework/setting.ts';
import { excessOfAtMost } from '../framework/target.ts';
import { check } from '../material/check.ts';
import { seedRegistry } from '../material/seed-registry.ts';

const versionsPerModel = 5;
const configuration = `stores:
  default: { backend: local_filesystem, root: .holdfast/store }
database: { url: "sqlite:.holdfast/registry.db" }
`;

/** One after another; the figure is that of one. */
const startsPerRepetition = 10;
const starts: Amount = { count: startsPerRepetition, unit: 'starts' };

const shared = {
  group: BenchmarkGroup.StartUp,
  quantity: 'time',
  conditions: {
    atOnce: 1,
    processState: 'fresh',
    fileCache: 'warm',
    synced: 'nothing is written',
    buffer: `each figure is the mean of ${startsPerRepetition} processes, from start to end; compile cache warm`,
  },
} as const;

/** What the program costs before it does anything. */
export const startVersion: Benchmark = {
  ...shared,
  name: 'start-version',
  work: 'holdfast --version, built',
  amount: { full: starts, quick: starts },
  target: excessOfAtMost(60),
  prepare: async (setting) =>
    prepare(await makeHome(setting), ['--version'], ({ stdout }) =>
      check(/^\d+\.\d+\.\d+/.test(stdout), 'no version was printed'),
    ),
};

/** What a look into a large registry costs, all of it printed. */
export const startListing: Benchmark = {
  ...shared,
  name: 'start-ls',
  work: 'holdfast ls of 10,000 models × 5 versions, built',
  amount: { full: models(10_000), quick: models(1_000) },
  target: excessOfAtMost(200),
  prepare: async (setting) =>
    prepare(await makeHome(setting, setting.amount.count), ['ls'], ({ stdout }) => {
      const names = stdout.match(/team-\d+\/classifier-\d{5}/g) ?? [];
      check(new Set(names).size === setting.amount.count, `${names.length} models were listed`);
    }),
};

function models(count: number): Amount {
  return { count, unit: 'models' };
}

type CheckRun = (run: EndedProcess) => void;

async function prepare(home: Home, parameters: readonly string[], checkRun: CheckRun): Promise<Contest> {
  const { executable, ...options } = home;
  const run = (commandLine: readonly string[]) => runNode(commandLine, options);
  return {
    ours: starting('Holdfast', () => run([executable, ...parameters]), checkRun),
    peers: [
      starting(
        'node -e 0',
        () => run(['-e', '0']),
        () => undefined,
      ),
    ],
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function starting(name: string, start: () => Promise<EndedProcess>, checkRun: CheckRun): Contender {
  return {
    name,
    run: async (turn) => {
      let milliseconds = 0;
      for (let started = 0; started < startsPerRepetition; started++) {
        const ended = await start();
        checkRun(ended);
        milliseconds += ended.milliseconds;
      }
      turn.record(milliseconds / startsPerRepetition);
    },
  };
}

/** Where a run of the program works. */
interface Home {
  readonly executable: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Makes a home and a project of the benchmark's own, with a registry of so many models, and the executable. */
async function makeHome(setting: Setting, modelCount?: number): Promise<Home> {
  const executable = await bundleExecutable(setting);
  const project = await setting.makeFolder('project');
  const home = await setting.makeFolder('home');
  const temporary = await setting.makeFolder('temporary');
  await mkdir(join(project, '.holdfast'), { recursive: true });
  await writeFile(join(project, 'holdfast.yaml'), configuration);
  if (modelCount !== undefined) {
    setting.say('filling the registry');
    await seedRegistry(join(project, '.holdfast/registry.db'), { models: modelCount, versionsPerModel });
  }
  return { executable, cwd: project, env: { PATH: process.env['PATH'], HOME: home, TMPDIR: temporary } };
}
