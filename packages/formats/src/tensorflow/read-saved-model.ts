import type { ModelValue } from '../catalog/format-inspection.ts';
import { DetailLimit } from '../detail-limit.ts';
import { FormatError } from '../format-error.ts';
import { ProtobufCursor, type ProtobufField, WireType } from '../protobuf/protobuf-cursor.ts';
import type { BoundedReader } from '../source/bounded-reader.ts';
import { readSignatureTensor } from './read-signature-tensor.ts';

/** A function that a SavedModel offers. */
export interface SavedModelSignature {
  readonly name: string;
  readonly methodName: string;
  readonly inputs: readonly ModelValue[];
  readonly outputs: readonly ModelValue[];
}

/** One graph of a SavedModel. */
export interface SavedModelGraph {
  readonly tags: readonly string[];
  readonly tensorflowVersion: string | null;
  readonly signatures: readonly SavedModelSignature[];
}

/** What `saved_model.pb` states. */
export interface SavedModelFacts {
  readonly schemaVersion: number;
  readonly metaGraphs: readonly SavedModelGraph[];
}

const format = 'tensorflow_savedmodel';
const maximumEntries = 10_000;
const hiddenSignature = '__saved_model_init_op';

/**
 * Reads `saved_model.pb` by ranges: tags and signatures of each graph. `undefined` where the top
 * level is not that of a SavedModel.
 *
 * @throws FormatError when it is one and is broken.
 * @see https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/saved_model.proto
 */
export async function readSavedModel(
  reader: BoundedReader,
  path: string,
): Promise<SavedModelFacts | undefined> {
  const hint = 'The file is cut short or damaged: fetch it again, or export the model again.';
  const cursor = new ProtobufCursor(
    reader,
    ({ reason, offset }) => new FormatError({ format, path, offset, reason, hint }),
  );
  const graphs: ProtobufField[] = [];
  let schemaVersion: number | undefined;
  let isOther = false;
  await cursor.fields({ start: 0, end: reader.sizeBytes }, (field) => {
    const isGraph = field.number === 2 && field.wireType === WireType.Bytes;
    const isVersion = field.number === 1 && field.wireType === WireType.Varint;
    if (isVersion) schemaVersion = field.value;
    if (isGraph) graphs.push(field);
    isOther = !isGraph && !isVersion;
    return !isOther;
  });
  if (isOther || graphs.length === 0 || graphs.length > maximumEntries) return undefined;
  const metaGraphs: SavedModelGraph[] = [];
  for (const graph of graphs) metaGraphs.push(await readMetaGraph(cursor, graph));
  return { schemaVersion: schemaVersion ?? 0, metaGraphs };
}

async function readMetaGraph(cursor: ProtobufCursor, message: ProtobufField): Promise<SavedModelGraph> {
  const tags: string[] = [];
  const signatures: SavedModelSignature[] = [];
  let tensorflowVersion: string | null = null;
  await cursor.fields(message, async (field) => {
    if (field.number === 5) signatures.push(await readSignature(cursor, field));
    if (signatures.length > maximumEntries)
      throw new DetailLimit({ reason: `there are more than ${maximumEntries} signatures`, format });
    if (field.number !== 1) return;
    await cursor.fields(field, async (info) => {
      if (info.number === 4) tags.push(await cursor.text(info));
      if (info.number === 5) tensorflowVersion = await cursor.text(info);
    });
  });
  return { tags, tensorflowVersion, signatures: signatures.filter(({ name }) => name !== hiddenSignature) };
}

async function readSignature(cursor: ProtobufCursor, entry: ProtobufField): Promise<SavedModelSignature> {
  let name = '';
  let methodName = '';
  const inputs: ModelValue[] = [];
  const outputs: ModelValue[] = [];
  await cursor.fields(entry, async (part) => {
    if (part.number === 1) name = await cursor.text(part);
    if (part.number !== 2) return;
    await cursor.fields(part, async (field) => {
      if (field.number === 1) inputs.push(await readSignatureTensor(cursor, field));
      if (field.number === 2) outputs.push(await readSignatureTensor(cursor, field));
      if (field.number === 3) methodName = await cursor.text(field);
    });
  });
  const byName = (a: ModelValue, b: ModelValue): number => (a.name < b.name ? -1 : 1);
  return { name, methodName, inputs: inputs.toSorted(byName), outputs: outputs.toSorted(byName) };
}
