import { type Alias, type ModelVersion, type Tags, shortDigest, versionWarnings } from '@holdfast/domain';
import type { ModelManagementService } from '@holdfast/registry';
import type { Output } from '../../output/output.ts';
import { printReference } from '../../output/print-reference.ts';
import { printSize } from '../../output/print-size.ts';
import { printTags } from '../../output/print-tags.ts';
import { printTime } from '../../output/print-time.ts';
import { printTable } from '../../output/table.ts';
import { versionDocument } from '../../output/version-document.ts';
import type { Listing } from './list-models.ts';
import { markedFormat, warningsNote } from './marked-format.ts';

interface VersionWithAliases {
  readonly version: ModelVersion;
  readonly aliases: readonly Alias[];
}

/** Lists the versions of a model, newest first. */
export async function listVersions(
  models: ModelManagementService,
  name: string,
  { tags, limit }: { readonly tags: Tags; readonly limit: number | undefined },
): Promise<Listing> {
  const [versions, aliases] = await Promise.all([models.listVersions(name), models.listAliases(name)]);
  const fitting = versions.filter((version) => carries(version, tags));
  const shown = fitting.slice(0, limit).map((version) => ({
    version,
    aliases: aliases.filter(({ number }) => number === version.number),
  }));
  return {
    names: shown.map(({ version }) => printReference(version)),
    documents: () => shown.map((entry) => versionDocument(entry.version, entry.aliases)),
    table: (output) => printVersions(shown, output),
    note:
      noteOf(shown.length, fitting.length) ??
      warningsNote(shown.map(({ version }) => versionWarnings(version).length)),
  };
}

function noteOf(shownCount: number, fittingCount: number): string | undefined {
  if (shownCount < fittingCount) return 'There are more: raise --limit.';
  return shownCount === 0 ? 'No version fits.' : undefined;
}

function carries(version: ModelVersion, tags: Tags): boolean {
  return Object.entries(tags).every(([key, value]) => version.tags[key] === value);
}

function printVersions(entries: readonly VersionWithAliases[], output: Output): string {
  const { style } = output;
  return printTable(
    [
      { heading: 'VERSION', paint: style.bold, shrinksTo: 24 },
      { heading: 'STATUS', rank: 1 },
      { heading: 'FORMAT', rank: 3 },
      { heading: 'SIZE', alignment: 'right', rank: 4 },
      { heading: 'DIGEST', paint: style.dim, rank: 5 },
      { heading: 'ALIASES', paint: style.accent, shrinksTo: 10 },
      { heading: 'SAVED', paint: style.dim, rank: 2 },
      { heading: 'TAGS', shrinksTo: 8, rank: 6 },
    ],
    entries.map(({ version, aliases }) => [
      printReference(version),
      version.status,
      markedFormat(version.storage.format, versionWarnings(version).length),
      printSize(version.totalSizeBytes),
      shortDigest(version.storage.checksum),
      aliases.map((alias) => alias.name).join(' '),
      printTime(version.createdAt),
      printTags(version.tags),
    ]),
    { widthColumns: output.widthColumns, paintHeading: style.dim },
  );
}
