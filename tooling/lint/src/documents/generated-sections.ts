import { phraseTable } from '../voice/phrase-table.ts';
import type { WorkspacePackage } from '../workspace.ts';
import { configurationTable } from './configuration-table.ts';
import { decisionIndex } from './decision-index.ts';
import type { GeneratedSection } from './generated-section.ts';
import { packagePicture } from './package-picture.ts';
import { packageTable } from './package-table.ts';

/** Every part of a document that is made from manifests, schemas or other documents. */
export function generatedSections(
  root: string,
  packages: readonly WorkspacePackage[],
): readonly GeneratedSection[] {
  return [
    { path: 'README.md', name: 'packages', content: packageTable(packages) },
    { path: 'docs/architecture.md', name: 'packages', content: packagePicture(packages) },
    { path: 'docs/configure.md', name: 'fields', content: configurationTable(root) },
    { path: 'docs/decisions/README.md', name: 'decisions', content: decisionIndex(root) },
    { path: 'docs/style.md', name: 'phrases', content: phraseTable() },
  ];
}
