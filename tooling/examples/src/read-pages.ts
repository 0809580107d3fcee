import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExamplePage } from './example-block.ts';
import { ExampleError } from './example-error.ts';
import { extractExamples } from './extract-examples.ts';
import { repository } from './repository.ts';

/** Every document but what is written for one change: its changeset, its log and its decision record. */
const documents = ['*.md', 'docs/*.md', '{packages,apps,tooling}/{,*/,*/*/}*.md'];

/** The documents with their examples, and those with a block that is no example and does not say why. */
export interface Pages {
  readonly pages: readonly ExamplePage[];
  readonly refusals: readonly ExampleError[];
}

/** The examples of every README and guide. */
export function readPages(): Pages {
  const pages: ExamplePage[] = [];
  const refusals: ExampleError[] = [];
  const exclude = ['**/node_modules', '**/dist', '**/CHANGELOG.md'];
  for (const found of globSync(documents, { cwd: repository, exclude }).toSorted()) {
    const path = found.replaceAll('\\', '/');
    try {
      pages.push(extractExamples(readFileSync(join(repository, path), 'utf8'), path));
    } catch (error) {
      if (!(error instanceof ExampleError)) throw error;
      refusals.push(error);
    }
  }
  return { pages, refusals };
}
