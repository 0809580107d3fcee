import { readFile, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { allBenchmarks } from './benchmarks/all-benchmarks.ts';
import type { Outcome } from './framework/figure.ts';
import { runBenchmark } from './framework/run-benchmark.ts';
import { SharedMaterial } from './framework/shared-material.ts';
import { WorkFolder } from './framework/work-folder.ts';
import { type CommandLine, parseCommandLine, usage } from './parse-command-line.ts';
import { describeMachine } from './report/describe-machine.ts';
import { printOutcomes } from './report/print-outcomes.ts';
import { replaceFigures } from './report/replace-figures.ts';

const repository = join(import.meta.dirname, '../../..');
const documentPath = join(repository, 'docs/benchmarks.md');

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => process.exit(128 + constants.signals[signal]));
}
const commandLine = tryToParse();
if (commandLine?.shows === 'help') console.log(usage);
else if (commandLine?.shows === 'list')
  for (const { name, work } of allBenchmarks) console.log(`${name.padEnd(28)} ${work}`);
else if (commandLine !== undefined) await run(commandLine);

function tryToParse(): CommandLine | undefined {
  try {
    return parseCommandLine(process.argv.slice(2), allBenchmarks);
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 2;
    return undefined;
  }
}

async function run(asked: CommandLine): Promise<void> {
  using work = await WorkFolder.make(asked.folder ?? join(repository, '.cache/benchmarks'));
  const shared = new SharedMaterial(join(work.path, 'shared'));
  const machine = `Measured ${new Date().toISOString().slice(0, 10)} on ${await describeMachine(work.path)}.`;
  const outcomes: Outcome[] = [];
  for (const benchmark of asked.benchmarks) {
    const say = (what: string): void => console.error(`${benchmark.name}: ${what}`);
    try {
      outcomes.push(await runBenchmark(benchmark, { ...asked, workFolder: work.path, shared, say }));
    } catch (error) {
      console.error(`${benchmark.name} failed:`, error instanceof Error ? error.stack : error);
      process.exitCode = 1;
    }
  }
  if (asked.isQuick) console.log('Quick amounts: these figures do not count.\n');
  console.log(machine);
  for (const [group, members] of Map.groupBy(outcomes, ({ benchmark }) => benchmark.group)) {
    console.log(`\n## ${group}\n\n${printOutcomes(members)}`);
  }
  if (asked.isWritten && process.exitCode === undefined) await write(outcomes, machine);
}

async function write(outcomes: readonly Outcome[], machine: string): Promise<void> {
  let document = await readFile(documentPath, 'utf8');
  for (const [group, members] of Map.groupBy(outcomes, ({ benchmark }) => benchmark.group)) {
    document = replaceFigures(document, group, `${machine}\n\n${printOutcomes(members)}`);
  }
  await writeFile(documentPath, document);
  console.error('wrote docs/benchmarks.md');
}
