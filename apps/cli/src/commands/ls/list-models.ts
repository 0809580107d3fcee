import type { ModelFilter, ModelSummary, Tags } from '@holdfast/domain';
import type { ModelManagementService } from '@holdfast/registry';
import type { Output } from '../../output/output.ts';
import { printSize } from '../../output/print-size.ts';
import { printTags } from '../../output/print-tags.ts';
import { printTime } from '../../output/print-time.ts';
import { printTable } from '../../output/table.ts';
import { markedFormat, warningsNote } from './marked-format.ts';

/** What `ls` found, in every form that it can be told in. */
export interface Listing {
  readonly names: readonly string[];
  /** One JSON document an entry. */
  readonly documents: () => readonly unknown[];
  readonly table: (output: Output) => string;
  /** What else there is to say. */
  readonly note: string | undefined;
}

/** What `ls --json` tells of a model. */
export interface ModelDocument {
  readonly name: string;
  readonly description: string;
  readonly tags: Tags;
  readonly versionCount: number;
  readonly latest: LatestDocument | null;
  readonly aliases: Readonly<Record<string, number>>;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface LatestDocument {
  readonly reference: string;
  readonly number: number;
  readonly status: string;
  readonly verdict: string;
  readonly artifactKind: string;
  readonly format: string;
  readonly digest: string;
  readonly sizeBytes: number;
  readonly warningCount: number;
  readonly tags: Tags;
  readonly createdAt: string;
}

/** Lists models by name. */
export async function listModels(
  models: ModelManagementService,
  filter: ModelFilter,
  limit: number | undefined,
): Promise<Listing> {
  const page = await models.listModels({ filter, limit });
  const { items } = page;
  return {
    names: items.map(({ model }) => model.name),
    documents: () => items.map(toDocument),
    table: (output) => printModels(items, output),
    note: noteOf(page, filter),
  };
}

function noteOf(
  page: { readonly items: readonly ModelSummary[]; readonly next?: string },
  filter: ModelFilter,
): string | undefined {
  if (page.next !== undefined) return 'There are more: raise --limit.';
  if (page.items.length > 0) return warningsNote(page.items.map(({ latest }) => latest?.warningCount ?? 0));
  if (Object.values(filter).some((wanted) => wanted !== undefined)) return 'No model fits.';
  return 'No models yet. Save one: holdfast put FILE --name NAME';
}

function toDocument({ model, versionCount, latest, aliases }: ModelSummary): ModelDocument {
  return {
    name: model.name,
    description: model.description,
    tags: model.tags,
    versionCount,
    latest: latest === undefined ? null : latestDocument(model.name, latest),
    aliases: Object.fromEntries(aliases.map(({ name, number }) => [name, number])),
    createdAt: model.createdAt,
    updatedAt: model.updatedAt,
  };
}

function latestDocument(modelName: string, latest: NonNullable<ModelSummary['latest']>): LatestDocument {
  const { number, status, verdict, artifactKind, storage, totalSizeBytes, tags, createdAt } = latest;
  return {
    reference: `${modelName}:${number}`,
    number,
    status,
    verdict,
    artifactKind,
    format: storage.format,
    digest: storage.checksum,
    sizeBytes: totalSizeBytes,
    warningCount: latest.warningCount ?? 0,
    tags,
    createdAt,
  };
}

function printModels(items: readonly ModelSummary[], output: Output): string {
  const { style } = output;
  return printTable(
    [
      { heading: 'MODEL', paint: style.bold, shrinksTo: 16 },
      { heading: 'NEWEST', alignment: 'right' },
      { heading: 'FORMAT', rank: 2 },
      { heading: 'SIZE', alignment: 'right', rank: 3 },
      { heading: 'ALIASES', paint: style.accent, shrinksTo: 10 },
      { heading: 'SAVED', paint: style.dim, rank: 1 },
      { heading: 'TAGS', shrinksTo: 8, rank: 4 },
    ],
    items.map(({ model, latest, aliases }) => [
      model.name,
      latest === undefined ? '-' : String(latest.number),
      latest === undefined ? '-' : markedFormat(latest.storage.format, latest.warningCount ?? 0),
      latest === undefined ? '-' : printSize(latest.totalSizeBytes),
      aliases.map(({ name, number }) => `${name}:${number}`).join(' '),
      latest === undefined ? '-' : printTime(latest.createdAt),
      printTags({ ...model.tags, ...latest?.tags }),
    ]),
    { widthColumns: output.widthColumns, paintHeading: style.dim },
  );
}
