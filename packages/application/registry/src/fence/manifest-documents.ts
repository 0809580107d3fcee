import {
  InvalidValueError,
  type ModelVersion,
  type ObjectKey,
  parseModelName,
  parseObjectKey,
} from '@holdfast/domain';
import { versionManifestLayout } from '../version-manifest.ts';

/** Where manifests by name are, in every store. */
export const manifestPrefix = 'versions/';

const tombstoneLayout = 'holdfast-tombstone-1';
const digits = 10;

/** The beginning of a manifest or a tombstone: whose it is, without what it says of the version. */
export interface ManifestHeading {
  readonly kind: 'manifest' | 'tombstone';
  readonly registryId: string;
  readonly versionId: string;
  readonly name: string;
  readonly number: number;
}

/** A heading is no longer than this: a name has up to 255 characters, ids of registries and versions are short. */
export const headingBytes = 4_096;

/**
 * The key of a version's manifest. `@` is in no name, so that version 1 of `a` and a model `a/1` do not meet; numbers
 * are padded, so that keys sort as they do.
 */
export function manifestKey(name: string, number: number): ObjectKey {
  return parseObjectKey(`${manifestPrefix}${name}/@${String(number).padStart(digits, '0')}`);
}

/** The version that a key is of; `undefined` when it is the key of something else. */
export function versionOfManifestKey(
  key: string,
): { readonly name: string; readonly number: number } | undefined {
  const found = /^versions\/(.+)\/@(\d{10,})$/.exec(key);
  if (found === null) return undefined;
  const [name, number] = [found[1] ?? '', Number(found[2])];
  return Number.isSafeInteger(number) && number > 0 ? { name, number } : undefined;
}

/** A version's record as it is stored under its name: the heading first, so that a reader need not read on. */
export function printNamedManifest(registryId: string, version: ModelVersion): Uint8Array {
  const { id: versionId, modelName: name, number } = version;
  return printed({ layout: versionManifestLayout, registryId, versionId, name, number, version });
}

/** What takes the place of a manifest whose version was removed, and keeps a rebuilt registry from reviving it. */
export function printTombstone({
  registryId,
  versionId,
  name,
  number,
}: Omit<ManifestHeading, 'kind'>): Uint8Array {
  return printed({ layout: tombstoneLayout, registryId, versionId, name, number });
}

/**
 * Reads the heading of a manifest or a tombstone from its first bytes.
 *
 * @throws InvalidValueError when it is neither.
 */
export function parseHeading(text: string): ManifestHeading {
  const end = text.indexOf(',\n "version": ');
  const fields = parsed(end === -1 ? text : `${text.slice(0, end)}\n}`);
  const { layout, registryId, versionId, name, number } = fields;
  const isKnown = layout === versionManifestLayout || layout === tombstoneLayout;
  const isWhole =
    typeof registryId === 'string' && typeof versionId === 'string' && Number.isSafeInteger(number);
  if (!isKnown || !isWhole)
    throw new InvalidValueError({
      field: 'layout',
      value: layout,
      reason: 'is not that of a manifest or a tombstone',
    });
  return {
    kind: layout === tombstoneLayout ? 'tombstone' : 'manifest',
    registryId,
    versionId,
    name: parseModelName(String(name)),
    number: number as number,
  };
}

function printed(fields: Readonly<Record<string, unknown>>): Uint8Array {
  return Buffer.from(`${JSON.stringify(fields, undefined, 1)}\n`);
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
