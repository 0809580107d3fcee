import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExamplePage } from './example-block.ts';
import { linkPackages } from './link-packages.ts';
import { repository } from './repository.ts';
import { runProcess } from './run-process.ts';

const compiler = join(repository, 'tooling', 'examples', 'node_modules', 'typescript', 'bin', 'tsc');

/**
 * Type-checks the TypeScript of pages at once, with this repository's own strictness.
 *
 * @returns for each page what the compiler says, each with `path:line` of the page in front; empty when all is well.
 */
export async function typeCheck(pages: readonly ExamplePage[]): Promise<readonly (readonly string[])[]> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'holdfast-types-')));
  try {
    await linkPackages(root);
    await writeFile(join(root, 'package.json'), '{ "type": "module" }\n');
    await writeFile(join(root, 'tsconfig.json'), JSON.stringify(settings));
    for (const [index, page] of pages.entries()) await writePage(page, join(root, String(index)));
    const { stdout } = await runProcess([process.execPath, compiler, '--pretty', 'false'], {
      folder: root,
      environment: { PATH: process.env['PATH'] ?? '' },
    });
    return pages.map((page, index) => messagesFor(page, index, stdout));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

const settings = {
  extends: join(repository, 'tooling', 'tsconfig', 'base.json'),
  compilerOptions: { noEmit: true, isolatedDeclarations: false, types: ['node'] },
  include: ['*/**/*.ts'],
};

/** A program is named after its line; its lines have the numbers that they have in the page. */
async function writePage(page: ExamplePage, folder: string): Promise<void> {
  for (const block of page.blocks) {
    if (block.kind !== 'program' && !(block.kind === 'file' && block.name.endsWith('.ts'))) continue;
    const path = join(folder, block.kind === 'file' ? block.name : `example-${block.line}.ts`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '\n'.repeat(block.line - 1) + block.code);
  }
}

function messagesFor(page: ExamplePage, index: number, output: string): readonly string[] {
  return [...output.matchAll(/^(?<folder>\d+)\/[^(\n]+\((?<line>\d+),\d+\): error (?<problem>.*)$/gm)]
    .filter(({ groups }) => groups?.['folder'] === String(index))
    .map(({ groups }) => `${page.path}:${groups?.['line']}: ${groups?.['problem']}`);
}
