import type { FolderProbe } from '../catalog/format-handler.ts';
import type { InspectionFacts } from '../catalog/format-inspection.ts';
import type { JsonTree } from '../json/json-reader.ts';
import { readJsonFile } from '../json/read-json-file.ts';
import { shapeElementCount } from '../tensor/shape-element-count.ts';

/** One parameter of a checkpoint. */
export interface OrbaxParameter {
  readonly name: string;
  /** Absent for a scalar, and in checkpoints of early versions. */
  readonly shape?: readonly number[];
}

/** A tree of parameters in an Orbax checkpoint. */
export interface OrbaxTree {
  /** Of the file that describes it. */
  readonly path: string;
  readonly parameters: readonly OrbaxParameter[];
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
  const tree = (await readJsonFile(probe, path, 'jax_params'))?.get('tree_metadata');
  if (!(tree instanceof Map)) return undefined;
  const folder = path.slice(0, -'_METADATA'.length);
  const beside = probe.entries.filter((entry) => entry.path.startsWith(folder)).map((entry) => entry.path);
  const manifest = beside.find((candidate) => candidate.endsWith('manifest.ocdbt'));
  const array = beside.find((candidate) => /\/(?:\.zarray|zarr\.json)$/.test(candidate));
  const storagePath = manifest ?? array;
  if (storagePath === undefined) return undefined;
  return {
    path,
    parameters: [...tree].map(([key, value]) => parameterOf(key, value)),
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
    summary: {
      form: 'orbax',
      storage,
      parameters: parameters.map(({ name, shape }) => ({ name, shape: shape ?? null })),
      parameterCount: parameters.reduce(
        (total, { shape }) => total + (shape === undefined ? 0 : (shapeElementCount(shape) ?? 0)),
        0,
      ),
    },
    members: probe.entries,
  };
}

function parameterOf(key: string, value: JsonTree): OrbaxParameter {
  const member = (name: string): JsonTree | undefined => (value instanceof Map ? value.get(name) : undefined);
  const keys = member('key_metadata');
  const name = Array.isArray(keys) ? keys.map(keyText).join('/') : key;
  const details = member('value_metadata');
  const shape = details instanceof Map ? details.get('write_shape') : undefined;
  const isShape = Array.isArray(shape) && shape.every((extent) => typeof extent === 'number');
  return isShape ? { name, shape } : { name };
}

function keyText(key: JsonTree): string {
  const text = key instanceof Map ? key.get('key') : undefined;
  return typeof text === 'string' || typeof text === 'number' ? String(text) : '?';
}
