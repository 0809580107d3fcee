import { type Model, ModelStorageInfo, type ModelSummary } from '@holdfast/domain';
import type { ModelTable } from '../schema/registry-schema.ts';
import { parseDocument } from './parse-document.ts';

type ModelDocument = Pick<Model, 'description' | 'tags'>;

/** What the column `summary` holds. */
export type StoredSummary = Omit<ModelSummary, 'model'>;

/** The columns that hold a model's own record. */
export const modelColumns = ['id', 'name', 'revision', 'created_at', 'updated_at', 'document'] as const;

/** The columns of {@link modelColumns}. */
export type ModelRow = Pick<ModelTable, (typeof modelColumns)[number]>;

/** A model as a row, with the revision that it gets. */
export function rowOfModel(model: Model, revision: number): ModelRow {
  const { id, name, createdAt, updatedAt, revision: _, ...document } = model;
  return { id, name, revision, created_at: createdAt, updated_at: updatedAt, document: JSON.stringify(document) };
}

/** A row as a model. */
export function modelOfRow(row: ModelRow): Model {
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

/** A row as a model with what people look for first. */
export function summaryOfRow(row: ModelTable): ModelSummary {
  const summary = parseDocument(row.summary, row.name, (value) => {
    const { latest, ...rest } = value as StoredSummary;
    if (latest === undefined) return rest;
    return { ...rest, latest: { ...latest, storage: ModelStorageInfo.of(latest.storage) } };
  });
  return { model: modelOfRow(row), ...summary };
}
