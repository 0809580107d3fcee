import type { DetectionFacts, FolderProbe, FormatHandler, FormatProbe } from '../catalog/format-handler.ts';
import type { InspectionFacts } from '../catalog/format-inspection.ts';
import type { BoundedReader } from '../source/bounded-reader.ts';
import { shapeElementCount } from '../tensor/shape-element-count.ts';
import type { TensorDescription } from '../tensor/tensor-description.ts';
import { findOrbaxTree, inspectOrbaxTree } from './orbax-tree.ts';
import { readFlaxArrays } from './read-flax-arrays.ts';

const found = new WeakMap<BoundedReader, Promise<TensorDescription[] | undefined>>();

/** Parameters of JAX: a msgpack file of Flax, or a checkpoint folder of Orbax. */
export const jaxHandler: FormatHandler = {
  format: 'jax_params',

  async detect(probe: FormatProbe): Promise<DetectionFacts | undefined> {
    const arrays = await arraysOf(probe.reader);
    if (arrays === undefined) return undefined;
    return {
      evidence: [
        `A msgpack map from end to end, with ${arrays.length} arrays in the extension type of Flax.`,
      ],
    };
  },

  async inspect(probe: FormatProbe): Promise<InspectionFacts> {
    const tensors = (await arraysOf(probe.reader)) ?? [];
    const parameterCount = tensors.reduce((total, { shape }) => total + (shapeElementCount(shape) ?? 0), 0);
    return { summary: { form: 'flax_msgpack', tensorCount: tensors.length, parameterCount }, tensors };
  },

  async detectFolder(probe: FolderProbe): Promise<DetectionFacts | undefined> {
    const tree = await findOrbaxTree(probe);
    return (
      tree && {
        evidence: [
          `${tree.path} describes ${tree.parameters.length} parameters of an Orbax checkpoint.`,
          tree.storageEvidence,
        ],
      }
    );
  },

  inspectFolder: inspectOrbaxTree,
};

function arraysOf(reader: BoundedReader): Promise<TensorDescription[] | undefined> {
  const arrays = found.get(reader) ?? readFlaxArrays(reader);
  found.set(reader, arrays);
  return arrays;
}
