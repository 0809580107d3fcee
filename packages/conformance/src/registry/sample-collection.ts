import {
  type Digest,
  type Entity,
  InvalidValueError,
  type RecordDescriptor,
  type RecordFilter,
  isDigest,
} from '@holdfast/domain';
import { sampleId, sampleTime } from './sample-records.ts';

/** A record with a field of every type, each of which it may lack. */
export interface SampleRecord extends Entity {
  readonly title?: string | undefined;
  readonly score?: number | undefined;
  readonly size?: bigint | undefined;
  readonly group?: string | undefined;
  readonly needs: readonly Digest[];
  /** Anything that a record can hold. */
  readonly payload?: unknown;
}

export type SampleField = 'title' | 'score' | 'size' | 'group';
export type SampleFilter = RecordFilter<SampleField>;

/**
 * A collection that no registry has but those under test: its table is made by a migration after all others, as
 * those of other kinds are. Titles are unique, and so are sizes in a group.
 */
export const sampleRecords: RecordDescriptor<SampleRecord, SampleField> = {
  kind: 'sample',
  noun: 'sample',
  fields: {
    title: { type: 'text', of: ({ title }) => title },
    score: { type: 'number', of: ({ score }) => score },
    size: { type: 'integer', of: ({ size }) => size },
    group: { type: 'text', of: ({ group }) => group },
  },
  unique: [['title'], ['group', 'size']],
  order: { field: 'score', direction: 'descending' },
  references: ({ needs }) => needs,
  parse: (document) => {
    const needs = document['needs'] ?? [];
    if (!Array.isArray(needs) || !needs.every((one) => isDigest(String(one))))
      throw new InvalidValueError({ field: 'needs', value: needs, reason: 'is not a list of digests' });
    return { ...document, needs: needs as readonly Digest[] };
  },
};

/** A new record; its number gives id and time. */
export function sampleRecord(number: number, changes: Partial<SampleRecord> = {}): SampleRecord {
  const time = sampleTime(number);
  return { id: sampleId(number), revision: 0, createdAt: time, updatedAt: time, needs: [], ...changes };
}
