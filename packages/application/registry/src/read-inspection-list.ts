import {
  type JsonValue,
  ModelStorageInfo,
  type ModelVersion,
  SerializationFormat,
  contentKey,
} from '@holdfast/domain';
import type { Cancellable } from '@holdfast/ports';
import { readJsonLines } from './backup/json-lines.ts';
import type { ObjectCopies } from './copies/object-copies.ts';

/** The content type of the objects that have the lists of an inspection. */
export const inspectionListContentType = 'application/vnd.holdfast.inspection-list+jsonl';

/** Up to a thousand entries of one list of an inspection. */
export interface InspectionPage {
  /** The field of the inspection, such as `tensors`. */
  readonly list: string;
  readonly entries: readonly JsonValue[];
}

/**
 * Reads the lists of a version's inspection page by page, verified at their end: those of its record that are whole,
 * and those of the object beside it.
 *
 * @throws StorageError as a load does.
 */
export async function* readInspectionLists(
  version: ModelVersion,
  { copies, ...options }: Cancellable & { readonly copies: Pick<ObjectCopies, 'read'> },
): AsyncIterable<InspectionPage> {
  const { inspection = {}, inspectionList } = version;
  const cut = new Set(Object.keys((inspection['cut'] ?? {}) as object));
  for (const [list, entries] of Object.entries(inspection))
    if (Array.isArray(entries) && !cut.has(list)) yield { list, entries };
  if (inspectionList === undefined) return;
  const { digest, sizeBytes } = inspectionList;
  const { storageBackend, storeName } = version.storage;
  const info = ModelStorageInfo.of({
    storageBackend,
    ...(storeName === undefined ? {} : { storeName }),
    storagePath: contentKey(digest),
    sizeBytes,
    checksum: digest,
    format: SerializationFormat.Binary,
  });
  yield* readJsonLines(copies.read(info, options)) as AsyncIterable<InspectionPage>;
}
