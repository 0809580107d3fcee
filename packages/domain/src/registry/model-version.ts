import { InvalidValueError } from '../invalid-value-error.ts';
import type { JsonObject } from '../json-value.ts';
import type { Digest } from '../storage/digest.ts';
import { type ModelStorageInfo } from '../storage/model-storage-info.ts';
import type { UtcTimestamp } from '../utc-timestamp.ts';
import type { LineageNode, LineageRelation } from './lineage.ts';
import type { ModelSignature } from './model-signature.ts';
import type { Entity } from './model.ts';
import type { ScanVerdict } from './scan-verdict.ts';
import { type ChangeOptions, type TagChange, type Tags, parseTags, withTagChanges } from './tags.ts';

/** Where a version is in its life. */
export const VersionStatus = {
  Pending: 'pending',
  Ready: 'ready',
  Failed: 'failed',
  Deprecated: 'deprecated',
  Archived: 'archived',
} as const;

export type VersionStatus = (typeof VersionStatus)[keyof typeof VersionStatus];

/** Whether the version is one file, or a folder described by a tree manifest. */
export const ArtifactKind = { File: 'file', Tree: 'tree' } as const;

export type ArtifactKind = (typeof ArtifactKind)[keyof typeof ArtifactKind];

/** An object that has whole what a version's inspection has the beginning of. */
export interface InspectionList {
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/** What never changes once a version is ready. */
export interface ModelVersionContent {
  readonly artifactKind: ArtifactKind;
  /** The file, or for a tree its manifest object. */
  readonly storage: ModelStorageInfo;
  /** Size of the file, or of all files of the tree. */
  readonly totalSizeBytes: number;
  /** How many files: 1, or those of the tree. */
  readonly fileCount: number;
  /** The name of the file or folder that it was made from, without its folder. */
  readonly sourceName?: string;
  /** Whether the owner of the file may execute it; a tree says so of each of its files. */
  readonly executable?: true;
  readonly metrics: Readonly<Record<string, number>>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly signature?: ModelSignature;
  /**
   * What inspection found in the file: a plain document whose form depends on the format. Its size is bounded: of long
   * lists it has the beginning, and `cut` has the number of entries of each list that was cut.
   */
  readonly inspection?: JsonObject;
  /** The object that has every list of the inspection whole, where one was cut. */
  readonly inspectionList?: InspectionList;
  /** Where it came from: edges that begin at this version. */
  readonly lineage: readonly { readonly relation: LineageRelation; readonly to: LineageNode }[];
  /** The object that repeats this record beside the bytes. */
  readonly manifestDigest?: Digest;
}

/** One change of a version's status or verdict. */
export interface StateChange {
  readonly at: UtcTimestamp;
  readonly field: 'status' | 'verdict';
  readonly from: string;
  readonly to: string;
  readonly reason?: string;
  /** Who changed it, as far as it is known. */
  readonly by?: string;
}

/** One change of what may change of a version. */
export type VersionChange = StateChange | TagChange;

/** An immutable artifact under a number that is never used again. */
export interface ModelVersion extends Entity, ModelVersionContent {
  readonly modelId: string;
  readonly modelName: string;
  /** From 1 up; never reused, not even after a deletion. */
  readonly number: number;
  readonly status: VersionStatus;
  readonly verdict: ScanVerdict;
  readonly tags: Tags;
  readonly history: readonly VersionChange[];
}

/** What a version begins with. */
export interface NewModelVersion extends ModelVersionContent {
  readonly id: string;
  readonly modelId: string;
  readonly modelName: string;
  readonly number: number;
  readonly verdict: ScanVerdict;
  readonly tags: Tags;
  readonly now: UtcTimestamp;
}

/** When and why a status or verdict changes, and who changes it. */
export interface StateChangeOptions extends ChangeOptions {
  readonly reason?: string | undefined;
}

const transitions: Readonly<Record<VersionStatus, readonly VersionStatus[]>> = {
  pending: ['ready', 'failed'],
  ready: ['deprecated'],
  deprecated: ['archived', 'ready'],
  archived: [],
  failed: [],
};

/**
 * Makes a version that is ready: its bytes are in the store and nothing about them changes any more.
 *
 * @throws InvalidValueError when the number, a metric or a tag cannot be.
 */
export function createReadyVersion(fields: NewModelVersion): ModelVersion {
  const { now, ...rest } = fields;
  if (!Number.isSafeInteger(fields.number) || fields.number < 1) {
    throw new InvalidValueError({ field: 'number', value: fields.number, reason: 'is not a version number' });
  }
  for (const [name, value] of Object.entries(fields.metrics)) {
    if (!Number.isFinite(value)) {
      throw new InvalidValueError({ field: `metric ${name}`, value, reason: 'is not a finite number' });
    }
  }
  return assertBounded({
    ...rest,
    tags: parseTags(fields.tags),
    revision: 0,
    createdAt: now,
    updatedAt: now,
    status: VersionStatus.Ready,
    history: [],
  });
}

/**
 * Moves a version to another status and notes it in its history.
 *
 * @throws InvalidValueError when the status cannot follow the present one.
 */
export function changeStatus(
  version: ModelVersion,
  to: VersionStatus,
  options: StateChangeOptions,
): ModelVersion {
  if (!transitions[version.status].includes(to)) {
    const allowed = transitions[version.status].join(' or ');
    throw new InvalidValueError({
      field: 'status',
      value: to,
      reason: `cannot follow ${version.status}`,
      hint: allowed === '' ? `A version that is ${version.status} stays so.` : `It can become ${allowed}.`,
    });
  }
  return changed(version, { field: 'status', from: version.status, to }, options);
}

/** Records a new scan verdict and notes it in the version's history. */
export function changeVerdict(
  version: ModelVersion,
  to: ScanVerdict,
  options: StateChangeOptions,
): ModelVersion {
  return changed(version, { field: 'verdict', from: version.verdict, to }, options);
}

/** Replaces a version's tags and notes what changed in its history. */
export function changeTags(version: ModelVersion, tags: Tags, options: ChangeOptions): ModelVersion {
  const history = withTagChanges(version.history, { before: version.tags, after: tags }, options);
  return assertBounded({ ...version, tags: parseTags(tags), updatedAt: options.now, history });
}

function changed(
  version: ModelVersion,
  change: Pick<StateChange, 'field' | 'from' | 'to'>,
  { now, reason, by }: StateChangeOptions,
): ModelVersion {
  const entry: StateChange = {
    at: now,
    ...change,
    ...(reason === undefined ? {} : { reason }),
    ...(by === undefined ? {} : { by }),
  };
  return {
    ...version,
    [change.field]: change.to,
    updatedAt: now,
    history: [...version.history, entry],
  };
}

/**
 * Longest record of a version, in characters of JSON: what is longer could not be taken out in a backup, nor found by a
 * rebuild.
 */
export const longestRecordCharacters = 16_777_216;

/** A version that had a longer record before there was a limit may keep what it has. */
function assertBounded(version: ModelVersion): ModelVersion {
  const { inspection: _, ...record } = version;
  assertFitsRecord(record, `${version.modelName}:${version.number}`);
  return version;
}

/**
 * Makes sure that what callers say about a version is not too long for its record.
 *
 * @throws InvalidValueError when it is.
 */
export function assertFitsRecord(fields: object, value: string): void {
  const lengthCharacters = JSON.stringify(fields).length;
  if (lengthCharacters <= longestRecordCharacters) return;
  throw new InvalidValueError({
    field: 'version',
    value,
    reason: `has a record of ${lengthCharacters} characters: its metrics, parameters, tags and lineage may have ${longestRecordCharacters}`,
    hint: 'Save long texts as files of the version.',
  });
}
