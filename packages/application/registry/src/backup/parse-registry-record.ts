import {
  InvalidValueError,
  type Model,
  type ObjectLocation,
  type ReferenceOwner,
  type RegistryRecord,
  decodeRecord,
  encodeRecord,
  epochMsOf,
  parseDigest,
  parseModelName,
  parseObjectKey,
  parseTags,
  recordDescriptor,
  seriesDescriptor,
  unarchivedPoints,
} from '@holdfast/domain';
import { parseModelVersion } from '../parse-model-version.ts';
import type { Unchecked } from '../unchecked.ts';
import { damagedBackup } from './backup-error.ts';

/**
 * Makes records of the lines of `registry.jsonl`.
 *
 * @throws StorageError `corrupt` when a line is no record.
 */
export async function* parseRegistryRecords(lines: AsyncIterable<unknown>): AsyncIterable<RegistryRecord> {
  let number = 0;
  for await (const line of lines) {
    number += 1;
    try {
      yield parseRecord(line ?? {});
    } catch (error) {
      if (!InvalidValueError.isInstance(error)) throw error;
      throw damagedBackup(`record ${number} cannot be: ${error.message}`);
    }
  }
}

type OfKind<Kind extends RegistryRecord['kind']> = Extract<RegistryRecord, { readonly kind: Kind }>;

function parseRecord(record: { readonly kind?: unknown }): RegistryRecord {
  switch (record.kind) {
    case 'model':
      return { kind: 'model', model: parseModel((record as Unchecked<OfKind<'model'>>).model) };
    case 'counter':
      return parseCounter(record);
    case 'version':
      return {
        kind: 'version',
        version: parseModelVersion((record as Unchecked<OfKind<'version'>>).version),
      };
    case 'references':
      return parseReferences(record);
    case 'alias':
      return parseAlias(record);
    case 'location':
      return parseLocation(record);
    case 'record':
      return parseRecordOfKind(record);
    case 'series':
      return parseSeries(record);
    default:
      throw new InvalidValueError({ field: 'kind', value: record, reason: 'is not known' });
  }
}

function parseModel(value: unknown): Model {
  const model = (value ?? {}) as Unchecked<Model>;
  const { id, revision, description, createdAt, updatedAt } = model;
  check(typeof id === 'string' && typeof description === 'string' && Number.isSafeInteger(revision), model);
  epochMsOf(String(createdAt));
  epochMsOf(String(updatedAt));
  const tags = parseTags((model.tags ?? {}) as Model['tags']);
  return { ...model, name: parseModelName(String(model.name)), tags } as Model;
}

function parseCounter({ name, last }: Unchecked<OfKind<'counter'>>): RegistryRecord {
  check(Number.isSafeInteger(last) && (last as number) >= 0, last);
  return { kind: 'counter', name: parseModelName(String(name)), last: last as number };
}

/** Backups of before other records had references name the version by its id. */
function parseReferences({
  owner,
  versionId,
  digests,
}: Unchecked<OfKind<'references'>> & { readonly versionId?: unknown }): RegistryRecord {
  const { kind, id } = (owner ?? { kind: 'version', id: versionId }) as Unchecked<ReferenceOwner>;
  check(typeof kind === 'string' && typeof id === 'string' && Array.isArray(digests), id);
  const parsed = (digests as readonly unknown[]).map((digest) => parseDigest(String(digest)));
  return { kind: 'references', owner: { kind: String(kind), id: String(id) }, digests: parsed };
}

function parseRecordOfKind({ of, record }: Unchecked<OfKind<'record'>>): RegistryRecord {
  const descriptor = recordDescriptor(of);
  return {
    kind: 'record',
    of: descriptor.kind,
    record: encodeRecord(descriptor, decodeRecord(descriptor, record)),
  };
}

function parseSeries({ of, owner, key, start, points }: Unchecked<OfKind<'series'>>): RegistryRecord {
  const { kind } = seriesDescriptor(of);
  const isSeries = typeof owner === 'string' && typeof key === 'string' && Number.isSafeInteger(start);
  check(isSeries && Array.isArray(points) && points.every(Array.isArray), key);
  const series = { kind: 'series', of: kind, owner, key, start, points } as OfKind<'series'>;
  unarchivedPoints(series);
  return series;
}

function parseAlias({ modelId, name, moves }: Unchecked<OfKind<'alias'>>): RegistryRecord {
  check(typeof modelId === 'string' && typeof name === 'string' && Array.isArray(moves), name);
  for (const { from = 1, to = 1, at, by = 'anyone' } of moves as readonly Unchecked<
    OfKind<'alias'>['moves'][number]
  >[]) {
    check(Number.isSafeInteger(from) && Number.isSafeInteger(to) && typeof by === 'string', name);
    epochMsOf(String(at));
  }
  return { kind: 'alias', modelId, name, moves } as OfKind<'alias'>;
}

function parseLocation({ location }: Unchecked<OfKind<'location'>>): RegistryRecord {
  const { digest, storeName, key, sizeBytes, verifiedAt, state } = (location ??
    {}) as Unchecked<ObjectLocation>;
  check(typeof storeName === 'string' && Number.isSafeInteger(sizeBytes), storeName);
  epochMsOf(String(verifiedAt));
  return {
    kind: 'location',
    location: {
      digest: parseDigest(String(digest)),
      storeName: String(storeName),
      key: parseObjectKey(String(key)),
      sizeBytes: sizeBytes as number,
      verifiedAt: String(verifiedAt),
      state: state === 'corrupt' ? 'corrupt' : 'verified',
    },
  };
}

function check(isRight: boolean, value: unknown): void {
  if (!isRight) throw new InvalidValueError({ field: 'record', value, reason: 'is not complete' });
}
