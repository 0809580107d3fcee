import {
  InvalidValueError,
  type Model,
  type ObjectLocation,
  type RegistryRecord,
  epochMsOf,
  parseDigest,
  parseModelName,
  parseObjectKey,
  parseTags,
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

function parseReferences({ versionId, digests }: Unchecked<OfKind<'references'>>): RegistryRecord {
  check(typeof versionId === 'string' && Array.isArray(digests), versionId);
  const parsed = (digests as readonly unknown[]).map((digest) => parseDigest(String(digest)));
  return { kind: 'references', versionId: String(versionId), digests: parsed };
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
