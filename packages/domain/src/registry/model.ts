import type { UtcTimestamp } from '../utc-timestamp.ts';
import { parseModelName } from './model-name.ts';
import { type Tags, parseTags } from './tags.ts';

/** What every record has. */
export interface Entity {
  /** A UUID, version 7. */
  readonly id: string;
  /** How often the record was saved; 0 before the first time. A save with an older revision is refused. */
  readonly revision: number;
  readonly createdAt: UtcTimestamp;
  readonly updatedAt: UtcTimestamp;
}

/** A named line of versions. */
export interface Model extends Entity {
  /** Unique among models. */
  readonly name: string;
  readonly description: string;
  readonly tags: Tags;
}

/** What a model begins with. */
export interface NewModel {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly tags?: Tags;
  readonly now: UtcTimestamp;
}

/**
 * Makes a model that was not saved yet.
 *
 * @throws InvalidValueError when the name or a tag cannot be.
 */
export function createModel(fields: NewModel): Model {
  return {
    id: fields.id,
    revision: 0,
    createdAt: fields.now,
    updatedAt: fields.now,
    name: parseModelName(fields.name),
    description: fields.description ?? '',
    tags: parseTags(fields.tags ?? {}),
  };
}
