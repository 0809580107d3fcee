import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExampleBlock, extractExamples } from '@holdfast/tooling-examples';
import { root } from './repository.ts';

type BlockOf<Kind> = Extract<ExampleBlock, { readonly kind: Kind }>;

/** The examples of one kind in a README of the repository. */
export function readmeExamples<Kind extends ExampleBlock['kind']>(
  folder: string,
  kind: Kind,
): readonly BlockOf<Kind>[] {
  const path = `${folder}/README.md`;
  const { blocks } = extractExamples(readFileSync(join(root, path), 'utf8'), path);
  return blocks.filter((block): block is BlockOf<Kind> => block.kind === kind);
}
