import { spawnSync } from 'node:child_process';
/** `pnpm reliability [--short] [--write]`: runs what tries to break Holdfast, and tells what was tried. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from './describe-machine.ts';
import { printReport } from './print-report.ts';
import { factsVariable } from './record-fact.ts';
import type { ReliabilityFact } from './reliability-fact.ts';
import { type CountedSuite, suites } from './suites.ts';

const repository = join(import.meta.dirname, '..', '..', '..');
const folder = join(repository, '.cache', 'reliability');
const document = join(repository, 'docs', 'reliability.md');
const [begin, end] = ['<!-- what follows is written by pnpm reliability -->', '<!-- the end of it -->'];

interface VitestReport {
  readonly numPassedTests: number;
}

const { values } = parseArgs({
  options: { short: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
});

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const factsFile = join(folder, 'facts.jsonl');
const passed: CountedSuite[] = [];
for (const [index, suite] of suites.entries())
  passed.push(await run(suite, join(folder, `suite-${index}.json`)));
const report = printReport({
  suites: passed,
  facts: await readFacts(),
  machine: describeMachine(),
  at: new Date(),
});
process.stdout.write(report);
if (values.write) await writeReport(report);

async function run(suite: CountedSuite, output: string): Promise<CountedSuite> {
  process.stderr.write(`${suite.name} …\n`);
  const environment = {
    ...process.env,
    [factsVariable]: factsFile,
    HOLDFAST_TEST_LONG: String(!values.short),
  };
  const { status } = spawnSync(
    'vitest',
    ['run', ...suite.files, '--reporter=default', '--reporter=json', `--outputFile.json=${output}`],
    { cwd: repository, env: environment, stdio: ['ignore', 2, 2] },
  );
  if (status !== 0) {
    process.stderr.write(
      `${suite.name}: the tests failed, or did not come to their end. Nothing is written.\n`,
    );
    process.exit(1);
  }
  const { numPassedTests } = JSON.parse(await readFile(output, 'utf8')) as VitestReport;
  return { ...suite, passedTests: numPassedTests };
}

async function readFacts(): Promise<readonly ReliabilityFact[]> {
  const lines = (await readFile(factsFile, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as ReliabilityFact);
}

async function writeReport(text: string): Promise<void> {
  const written = await readFile(document, 'utf8');
  const [from, to] = [written.indexOf(begin), written.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${document} has no place for the report.`);
  await writeFile(document, `${written.slice(0, from)}${begin}\n\n${text}\n${written.slice(to)}`);
}
