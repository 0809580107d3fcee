import type { Model, ModelSummary } from '@holdfast/domain';
import type { ModelTable } from '../schema/registry-schema.ts';
import { parseDocument } from './parse-document.ts';
import { sealed } from './sealed.ts';
import { buildStoredSummary } from './stored-summary.ts';

type ModelDocument = Omit<Model, 'id' | 'name' | 'revision' | 'createdAt' | 'updatedAt'>;

/** The columns that hold a model's own record. */
export const modelColumns = [
  'id',
  'name',
  'revision',
  'created_at',
  'updated_at',
  'document',
  'checksum',
] as const;

/** The columns of {@link modelColumns}. */
export type ModelRow = Pick<ModelTable, (typeof modelColumns)[number]>;

/** A model as a row, with the revision that it gets. */
export function rowOfModel(model: Model, revision: number): ModelRow {
  const { id, name, createdAt, updatedAt, description, tags, history } = model;
  const document: ModelDocument = { description, tags, ...(history === undefined ? {} : { history }) };
  return sealed('models', {
    id,
    name,
    revision,
    created_at: createdAt,
    updated_at: updatedAt,
    document: JSON.stringify(document),
  });
}

/** A row as a model. */
export function modelOfRow(row: ModelRow): Model {
  const document = parseDocument(row.document, row.name, (value) => value as ModelDocument);
  return {
    id: row.id,
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    name: row.name,
    ...document,
  };
}

/** A row as a model with what people look for first. */
export function summaryOfRow(row: ModelTable): ModelSummary {
  const model = modelOfRow(row);
  const { versionCount, aliases, latest } = parseDocument(row.summary, row.name, buildStoredSummary);
  return latest === undefined ? { model, versionCount, aliases } : { model, versionCount, latest, aliases };
}
