import type { FolderProbe } from '../catalog/format-handler.ts';
import type { InspectionFacts } from '../catalog/format-inspection.ts';
import type { JsonTree } from '../json/json-reader.ts';
import { readJsonFile } from '../json/read-json-file.ts';

/** A tree of parameters in an Orbax checkpoint. */
export interface OrbaxTree {
  /** Of the file that describes it. */
  readonly path: string;
  readonly parameters: readonly string[];
  readonly storage: 'ocdbt' | 'zarr';
  readonly storageEvidence: string;
}

const metadataName = /^(?:[^/]+\/)?_METADATA$/;

/**
 * Finds the tree of an Orbax checkpoint: a `_METADATA` document with a `tree_metadata`, in the
 * folder or one below, and beside it an OCDBT manifest or Zarr arrays.
 *
 * @see https://orbax.readthedocs.io/en/latest/guides/checkpoint/checkpoint_format.html
 */
export async function findOrbaxTree(probe: FolderProbe): Promise<OrbaxTree | undefined> {
  const path = probe.entries.find((entry) => metadataName.test(entry.path))?.path;
  if (path === undefined) return undefined;
  const tree = (await readJsonFile(probe, path, 'jax_params')).get('tree_metadata');
  if (!(tree instanceof Map)) return undefined;
  const folder = path.slice(0, -'_METADATA'.length);
  const beside = probe.entries.filter((entry) => entry.path.startsWith(folder)).map((entry) => entry.path);
  const manifest = beside.find((candidate) => candidate.endsWith('manifest.ocdbt'));
  const array = beside.find((candidate) => /\/(?:\.zarray|zarr\.json)$/.test(candidate));
  const storagePath = manifest ?? array;
  if (storagePath === undefined) return undefined;
  return {
    path,
    parameters: [...tree].map(([key, value]) => nameOf(value) ?? key),
    storage: manifest === undefined ? 'zarr' : 'ocdbt',
    storageEvidence: `${storagePath} holds their data.`,
  };
}

/** Describes an Orbax checkpoint: the names of its parameters and how they are stored. */
export async function inspectOrbaxTree(probe: FolderProbe): Promise<InspectionFacts> {
  const tree = await findOrbaxTree(probe);
  if (tree === undefined) return {};
  const { parameters, storage } = tree;
  return {
    summary: { form: 'orbax', storage, parameterNameCount: parameters.length, parameters },
    members: probe.entries,
  };
}

function nameOf(value: JsonTree): string | undefined {
  const keys = value instanceof Map ? value.get('key_metadata') : undefined;
  if (!Array.isArray(keys)) return undefined;
  return keys.map(keyText).join('/');
}

function keyText(key: JsonTree): string {
  const text = key instanceof Map ? key.get('key') : undefined;
  return typeof text === 'string' || typeof text === 'number' ? String(text) : '?';
}
