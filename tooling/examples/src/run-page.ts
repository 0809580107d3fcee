import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { differingLine } from './differing-line.ts';
import type { CommandsBlock, ExampleBlock, ExamplePage, ProgramBlock } from './example-block.ts';
import { ExampleError } from './example-error.ts';
import type { ExampleWorld } from './example-world.ts';
import { type Finished, runProcess } from './run-process.ts';
import { withoutProgress } from './without-progress.ts';
import { writeSamples } from './write-samples.ts';

/**
 * Runs the blocks of a page one after the other, and compares what they print with what the page shows.
 *
 * @throws ExampleError for the first one that fails or prints something else, with the line.
 */
export async function runPage(page: ExamplePage, world: ExampleWorld): Promise<void> {
  await writeSamples(page, world);
  for (const block of page.blocks) await runBlock(block, page, world);
}

/**
 * Runs one block of a page in a world in which those before it have been run.
 *
 * @throws ExampleError when it fails or prints something else.
 */
export async function runBlock(block: ExampleBlock, page: ExamplePage, world: ExampleWorld): Promise<void> {
  switch (block.kind) {
    case 'unrun':
      return;
    case 'file': {
      const path = join(world.folder, block.name);
      await mkdir(dirname(path), { recursive: true });
      return writeFile(path, block.code);
    }
    case 'program':
      return runProgram(block, page, world);
    case 'commands':
      return runCommands(block, page, world);
    default:
      return block satisfies never;
  }
}

/** Its lines have the numbers that they have in the page, so that a stack tells where. */
async function runProgram(block: ProgramBlock, page: ExamplePage, world: ExampleWorld): Promise<void> {
  const name = `example-${randomUUID()}.ts`;
  const path = join(world.folder, name);
  await writeFile(path, atItsLine(block));
  try {
    const run = await runProcess([process.execPath, ...world.nodeArguments, path], world);
    if (run.exitCode !== 0) {
      const [, line] = new RegExp(`${name}:(\\d+)`).exec(run.stderr) ?? [];
      throw new ExampleError({ path: page.path, line: Number(line ?? block.line) }, failure(run));
    }
    compare(block, run, page.path);
  } finally {
    await rm(path);
  }
}

/** Stops at the first command that fails; both streams are shown as a terminal does. */
async function runCommands(block: CommandsBlock, page: ExamplePage, world: ExampleWorld): Promise<void> {
  const [script, failed] = ['commands', 'failed-line'].map((name) => join(world.folder, '..', name));
  const prelude = `exec 2>&1; set -Eeuo pipefail; trap 'echo "$LINENO" > "${failed}"' ERR;`;
  await writeFile(script as string, `${prelude}${atItsLine(block)}`);
  const run = await runProcess(['bash', script as string], world);
  if (run.exitCode !== 0) {
    const line = Number(await readFile(failed as string, 'utf8').catch(() => block.line));
    throw new ExampleError({ path: page.path, line }, failure(run));
  }
  compare(block, { ...run, stdout: withoutProgress(run.stdout) }, page.path);
}

function atItsLine({ line, code }: ProgramBlock | CommandsBlock): string {
  return '\n'.repeat(line - 1) + code;
}

function failure({ exitCode, stdout, stderr }: Finished): string {
  return `ended with ${exitCode ?? 'a signal'}\n${stdout}${stderr}`.trimEnd();
}

function compare({ output }: ProgramBlock | CommandsBlock, run: Finished, path: string): void {
  const difference = differingLine(output.text, run.stdout);
  if (difference === undefined) return;
  const { index, expected = 'nothing more', actual = 'nothing more' } = difference;
  throw new ExampleError(
    { path, line: output.line + index },
    `another output\n  shown:   ${expected}\n  printed: ${actual}\nall of it:\n${run.stdout}${run.stderr}`.trimEnd(),
  );
}
