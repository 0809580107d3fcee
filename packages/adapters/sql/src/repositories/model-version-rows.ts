import {
  ModelStorageInfo,
  type ModelStorageInfoFields,
  type ModelVersion,
  type ScanVerdict,
  type VersionStatus,
} from '@holdfast/domain';
import type { ModelVersionTable } from '../schema/registry-schema.ts';
import { parseDocument } from './parse-document.ts';
import { sealed } from './sealed.ts';

type ColumnField =
  | 'id'
  | 'modelId'
  | 'number'
  | 'status'
  | 'verdict'
  | 'revision'
  | 'createdAt'
  | 'updatedAt';

/** A version as a row, with the revision that it gets. */
export function rowOfModelVersion(version: ModelVersion, revision: number): ModelVersionTable {
  const { id, modelId, number, status, verdict, createdAt, updatedAt, revision: _, ...document } = version;
  return sealed('model_versions', {
    id,
    model_id: modelId,
    number,
    status,
    verdict,
    format: version.storage.format,
    digest: version.storage.checksum,
    revision,
    created_at: createdAt,
    updated_at: updatedAt,
    document: JSON.stringify(document),
  });
}

/** A row as a version. */
export function modelVersionOfRow(row: ModelVersionTable): ModelVersion {
  const document = parseDocument(row.document, row.id, (value) => {
    const fields = value as Omit<ModelVersion, ColumnField> & { readonly storage: ModelStorageInfoFields };
    return { ...fields, storage: ModelStorageInfo.of(fields.storage) };
  });
  return {
    ...document,
    id: row.id,
    modelId: row.model_id,
    number: row.number,
    status: row.status as VersionStatus,
    verdict: row.verdict as ScanVerdict,
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
