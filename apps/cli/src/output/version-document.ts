import {
  type Alias,
  type ModelStorageInfoFields,
  type ModelVersion,
  versionWarnings,
} from '@holdfast/domain';
import { printReference } from './print-reference.ts';

/** A version as `--json` tells it. */
export interface VersionDocument extends Pick<
  ModelVersion,
  | 'number'
  | 'status'
  | 'verdict'
  | 'artifactKind'
  | 'fileCount'
  | 'sourceName'
  | 'metrics'
  | 'parameters'
  | 'tags'
  | 'signature'
  | 'lineage'
  | 'history'
  | 'createdAt'
  | 'updatedAt'
> {
  /** `NAME:NUMBER`. */
  readonly reference: string;
  readonly model: string;
  readonly format: string;
  readonly digest: string;
  readonly sizeBytes: number;
  readonly storage: ModelStorageInfoFields;
  /** What a careful user should know, as sentences. */
  readonly warnings: readonly string[];
  /** The aliases that point to it, where they were looked up. */
  readonly aliases?: readonly string[];
}

/** Makes the document of a version. */
export function versionDocument(
  version: ModelVersion,
  aliases?: readonly Pick<Alias, 'name'>[],
): VersionDocument {
  const { number, status, verdict, artifactKind, fileCount, sourceName, storage } = version;
  const { metrics, parameters, tags, signature, lineage, history, createdAt, updatedAt } = version;
  return {
    reference: printReference(version),
    model: version.modelName,
    number,
    status,
    verdict,
    artifactKind,
    format: storage.format,
    digest: storage.checksum,
    sizeBytes: version.totalSizeBytes,
    fileCount,
    ...(sourceName === undefined ? {} : { sourceName }),
    storage: { ...storage },
    warnings: versionWarnings(version),
    ...(aliases === undefined ? {} : { aliases: aliases.map(({ name }) => name) }),
    metrics,
    parameters,
    tags,
    ...(signature === undefined ? {} : { signature }),
    lineage,
    history,
    createdAt,
    updatedAt,
  };
}
