import { type Model, ModelStorageInfo, type ModelStorageInfoFields, type ModelSummary, type VersionSummary } from '@holdfast/domain';
import type { ModelSummaryTable, ModelTable } from '../schema/registry-schema.ts';
import { parseDocument } from './parse-document.ts';

type ModelDocument = Pick<Model, 'description' | 'tags'>;

/** A model as a row, with the revision that it gets. */
export function rowOfModel(model: Model, revision: number): ModelTable {
  const { id, name, createdAt, updatedAt, revision: _, ...document } = model;
  return { id, name, revision, created_at: createdAt, updated_at: updatedAt, document: JSON.stringify(document) };
}

/** A row as a model. */
export function modelOfRow(row: ModelTable): Model {
  const document = parseDocument(row.document, row.name, (value) => value as ModelDocument);
  return {
    ...document,
    id: row.id,
    name: row.name,
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** A model's row beside its summary, where there is one. */
export type SummaryRow = ModelTable & {
  readonly [Column in 'version_count' | 'latest' | 'aliases']: ModelSummaryTable[Column] | null;
};

/** A row as a model with what people look for first. */
export function summaryOfRow(row: SummaryRow): ModelSummary {
  const summary = {
    model: modelOfRow(row),
    versionCount: row.version_count ?? 0,
    aliases: parseDocument(row.aliases ?? '[]', row.name, (value) => value as ModelSummary['aliases']),
  };
  return row.latest === null ? summary : { ...summary, latest: parseDocument(row.latest, row.name, versionSummaryOf) };
}

function versionSummaryOf(value: unknown): VersionSummary {
  const fields = value as VersionSummary & { readonly storage: ModelStorageInfoFields };
  return { ...fields, storage: ModelStorageInfo.of(fields.storage) };
}
