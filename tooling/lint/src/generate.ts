import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type GeneratedFile, generatedFiles } from './generated-files.ts';
import { report } from './report.ts';
import { readWorkspace } from './workspace.ts';

const root = process.cwd();
const outdated = generatedFiles(root, readWorkspace(root)).filter((file) => !isCurrent(file));

if (process.argv.includes('--check')) {
  report(
    'generated files',
    outdated.map(({ path }) => ({
      path,
      problem: 'is not what the manifests and layers.ts say: run `pnpm generate`',
    })),
  );
} else {
  for (const { path, content } of outdated) {
    writeFileSync(join(root, path), `${JSON.stringify(content, undefined, 2)}\n`);
    console.log(`wrote ${path}`);
  }
}

function isCurrent({ path, content }: GeneratedFile): boolean {
  const file = join(root, path);
  return (
    existsSync(file) &&
    isDeepStrictEqual(JSON.parse(readFileSync(file, 'utf8')), JSON.parse(JSON.stringify(content)))
  );
}
