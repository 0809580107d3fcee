import { product } from '../value/lazy-array.ts';
import type { Value } from '../value/value.ts';
import { decodeElements, shapeOf } from './decode-elements.ts';
import { denseObjects } from './fractal-heap.ts';
import type { GlobalHeap } from './global-heap.ts';
import type { Hdf5Bytes } from './hdf5-bytes.ts';
import type { Hdf5Store } from './hdf5-store.ts';
import { type Hdf5Type, hdf5TypeText } from './hdf5-type.ts';
import { readDataspace } from './read-dataspace.ts';
import { readDatatype } from './read-datatype.ts';
import { densePlace, sortedByName } from './read-links.ts';
import { type HeaderMessage, messageBody, messageTypes, sharedBody } from './read-object-header.ts';

/** A small named value of a group, a dataset or a committed type. */
export interface Hdf5Attribute {
  readonly name: string;
  readonly type: Hdf5Type;
  /** The type in words, such as `int16 big-endian`. */
  readonly typeText: string;
  readonly shape: readonly number[];
  /** Set where it holds nothing and has no dimensions: h5py's `Empty`. */
  readonly isNull: boolean;

  /**
   * Reads its value.
   *
   * @throws FormatError when it is damaged or of a type that is not read.
   */
  read(): Promise<Value>;
}

/** The attributes of an object, in whichever of the two ways it stores them. */
export async function readAttributes(
  store: Hdf5Store,
  messages: readonly HeaderMessage[],
  heap: GlobalHeap,
): Promise<readonly Hdf5Attribute[]> {
  const attributes: Hdf5Attribute[] = [];
  for (const message of messages) {
    if (message.type === messageTypes.attribute) {
      const body = await messageBody(store, message);
      body.at = 0;
      attributes.push(await readAttribute(store, body, heap));
    } else if (message.type === messageTypes.attributeInfo) {
      message.body.at = 0;
      const dense = densePlace(message.body, 2);
      if (dense === undefined) continue;
      const found: Hdf5Attribute[] = [];
      for await (const object of denseObjects(store, { ...dense, type: 8 }))
        found.push(await readAttribute(store, object, heap));
      attributes.push(...sortedByName(found));
    }
  }
  return attributes;
}

async function readAttribute(store: Hdf5Store, bytes: Hdf5Bytes, heap: GlobalHeap): Promise<Hdf5Attribute> {
  const version = bytes.uint(1);
  if (version < 1 || version > 3) throw bytes.error(`version ${version} of an attribute is unknown`, 0);
  const flags = bytes.uint(1);
  const [nameBytes, typeBytes, spaceBytes] = [bytes.uint(2), bytes.uint(2), bytes.uint(2)];
  if (version === 3) bytes.skip(1);
  const part = (length: number): Hdf5Bytes => {
    const found = bytes.sub(length);
    if (version === 1) bytes.skip((8 - (length % 8)) % 8);
    return found;
  };
  const name = part(nameBytes).terminatedText();
  const typePlace = part(typeBytes);
  const spacePlace = part(spaceBytes);
  const isShared = version > 1;
  const type = readDatatype(
    isShared && flags & 1 ? await sharedBody(store, typePlace, messageTypes.datatype) : typePlace,
  );
  const space = readDataspace(
    isShared && flags & 2 ? await sharedBody(store, spacePlace, messageTypes.dataspace) : spacePlace,
  );
  const { shape, isNull } = space;
  const sizeBytes = product(shape) * type.sizeBytes;
  const data = bytes.sub(isNull ? 0 : sizeBytes);
  const { limitBytes, widths } = store;
  return {
    name,
    type,
    typeText: hdf5TypeText(type),
    shape: shapeOf(type, shape),
    isNull,
    read: async () =>
      decodeElements(
        type,
        { bytes: data.bytes.slice(), shape },
        { heap, widths, limitBytes, spent: { bytes: 0 }, at: data.start },
      ),
  };
}
