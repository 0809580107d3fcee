import { InvalidValueError } from '@holdfast/domain';
import { whatIs } from '../what-is.ts';
import { byteOrderOf, decodeElements, elementTypeOf, kindOf } from './decode-elements.ts';
import type { Box } from './hdf5-box.ts';
import type { Hdf5Bytes } from './hdf5-bytes.ts';
import { hdf5Error, hdf5Unsupported } from './hdf5-error.ts';
import type { Hdf5Dataset, Hdf5ReadOptions } from './hdf5-file.ts';
import { readFilters } from './hdf5-filters.ts';
import { readLayout } from './hdf5-layout.ts';
import { hdf5TypeText } from './hdf5-type.ts';
import type { OpenFile } from './open-file.ts';
import { readDataspace } from './read-dataspace.ts';
import { readDatatype } from './read-datatype.ts';
import { ElementReader } from './read-elements.ts';
import { type HeaderMessage, messageBody, messageTypes } from './read-object-header.ts';

/** Describes a dataset by the messages of its header. */
export async function openDataset(
  { store, heap }: OpenFile,
  messages: readonly HeaderMessage[],
  common: Pick<Hdf5Dataset, 'path' | 'address' | 'offset' | 'attributes'>,
): Promise<Hdf5Dataset> {
  const at = common.offset;
  const find = async (type: number): Promise<Hdf5Bytes | undefined> => {
    const message = messages.find((candidate) => candidate.type === type);
    return message && messageBody(store, message);
  };
  const due = async (type: number, what: string): Promise<Hdf5Bytes> => {
    const body = await find(type);
    if (body === undefined) throw hdf5Error(`a dataset has no ${what}`, at);
    return body;
  };
  const type = readDatatype(await due(messageTypes.datatype, 'type'));
  const space = readDataspace(await due(messageTypes.dataspace, 'extents'));
  const layout = readLayout(await due(messageTypes.layout, 'layout'));
  const pipeline = await find(messageTypes.filters);
  const filters = pipeline === undefined ? [] : readFilters(pipeline);
  const fill = fillOf(await find(messageTypes.fill), await find(messageTypes.oldFill));
  if (fill !== undefined && fill.length !== type.sizeBytes)
    throw hdf5Error('the fill value has not the size of an element', at);
  const isExternal = messages.some((message) => message.type === messageTypes.externalFiles);
  const elements = new ElementReader({ store, layout, space, itemBytes: type.sizeBytes, filters, fill });
  const refuseExternal = (): void => {
    if (isExternal) throw hdf5Unsupported('the elements are in other files, which are not opened', at);
  };
  const { limitBytes, widths } = store;
  return {
    ...common,
    ...space,
    kind: 'dataset',
    type,
    typeText: hdf5TypeText(type),
    dtype: elementTypeOf(type),
    valueKind: kindOf(type),
    layout: isExternal ? 'external' : layout.kind,
    ...(layout.kind === 'chunked' ? { chunk: layout.chunk } : {}),
    filters,
    locate: async () => {
      refuseExternal();
      return {
        ...(await elements.locate()),
        itemBytes: type.sizeBytes,
        dtype: elementTypeOf(type),
        byteOrder: byteOrderOf(type),
      };
    },
    read: async (options = {}) => {
      refuseExternal();
      if (kindOf(type) === 'opaque')
        throw hdf5Unsupported(`elements of the type ${hdf5TypeText(type)} are not read`, at);
      const box = boxOf(space.shape, options);
      const bytes = space.isNull ? new Uint8Array(0) : await elements.read(box);
      const context = { heap, widths, limitBytes, spent: { bytes: 0 }, at };
      return decodeElements(type, { bytes, shape: box.count }, context);
    },
  };
}

function boxOf(shape: readonly number[], options: Hdf5ReadOptions): Box {
  if (typeof options !== 'object' || options === null)
    throw refused('options', options, 'must be an object, such as { start: [0], count: [1] }');
  const start = options.start ?? shape.map(() => 0);
  checkPlace('start', start, { most: shape, shape });
  const left = shape.map((extent, dimension) => extent - (start[dimension] ?? 0));
  const count = options.count ?? left;
  checkPlace('count', count, { most: left, shape });
  return { start, count };
}

function checkPlace(
  field: 'start' | 'count',
  given: unknown,
  { most, shape }: { readonly most: readonly number[]; readonly shape: readonly number[] },
): void {
  if (!Array.isArray(given) || given.length !== shape.length || !given.every(isCount)) {
    const due = `must be an array with a whole number from 0 up for each dimension, ${shape.length} in all`;
    throw refused(field, given, due);
  }
  if (given.every((entry: number, dimension) => entry <= (most[dimension] ?? 0))) return;
  const rest = field === 'count' ? `, where [${most.join(', ')}] follow the start` : '';
  throw refused(field, given, `must be inside of a dataset of ${shape.join(' × ')} entries${rest}`);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function refused(field: string, value: unknown, reason: string): InvalidValueError {
  return new InvalidValueError({ field, value: whatIs(value), reason });
}

/** The bytes of an element that was never written; `undefined` where they are zeros. */
function fillOf(message: Hdf5Bytes | undefined, old: Hdf5Bytes | undefined): Uint8Array | undefined {
  if (message === undefined) return old && sizedFill(old);
  const version = message.uint(1);
  if (version < 1 || version > 3) throw message.error(`version ${version} of a fill value is unknown`, 0);
  if (version === 3) return message.uint(1) & 0x20 ? sizedFill(message) : undefined;
  const isDefined = message.skip(2).uint(1) !== 0;
  return isDefined || version === 1 ? sizedFill(message) : undefined;
}

function sizedFill(bytes: Hdf5Bytes): Uint8Array | undefined {
  if (bytes.left < 4) return undefined;
  const sizeBytes = bytes.uint(4);
  return sizeBytes === 0 || sizeBytes === 0xffff_ffff ? undefined : bytes.take(sizeBytes);
}
