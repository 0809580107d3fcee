import type { ByteRangeSource } from '../source/byte-range-source.ts';
import { readExactly, sliceSource } from '../source/read-exactly.ts';
import type { ByteOrder } from '../value/element-bytes.ts';
import { elementLayout } from '../value/element-type.ts';
import { defaultLimitBytes } from '../zip/zip-file.ts';
import type { OpenableStorage } from './openable-storage.ts';
import {
  makeStorage,
  type OpenTorchOptions,
  rebuildPickle,
  storageIdOf,
  type TorchContent,
} from './torch-container.ts';
import { torchError, torchUnsupported } from './torch-error.ts';
import { TorchRebuilder } from './torch-rebuilder.ts';
import { plainTextOf, type TorchValue } from './torch-value.ts';

/** The first pickle of a file as torch wrote them before 1.6: protocol 2, one number, the end. */
export const legacyMagic: readonly number[] = [
  0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e,
];
const legacyProtocol = 1001;
const countBytes = 8;

/**
 * Reads the form of torch before 1.6: pickles of a magic number, a protocol, facts about the machine, the object, and the
 * keys of its storages, which follow one after the other. `undefined` for what is none.
 */
export async function readTorchLegacy(
  source: ByteRangeSource,
  options: OpenTorchOptions,
): Promise<TorchContent | undefined> {
  const length = Math.min(legacyMagic.length, source.sizeBytes);
  const head = await readExactly(source, { offset: 0, length, signal: options.signal });
  if (!legacyMagic.every((byte, index) => head[index] === byte)) return undefined;
  const places = new Map<string, number>();
  let byteOrder: ByteOrder = 'little';
  const storages = new Map<string, OpenableStorage>();
  const { limitBytes = defaultLimitBytes, unknownGlobals, keepsFloats } = options;
  const rebuilder = new TorchRebuilder({
    keepsUnknown: unknownGlobals === 'keep',
    keepsFloats,
    limitBytes,
    persistent: (id, at) => {
      const [kind, module] = Array.isArray(id) ? (id as TorchValue[]) : [];
      if (kind === 'module') return module ?? null;
      const storageId = storageIdOf(id, at);
      const open = async (): Promise<ByteRangeSource> =>
        sliceSource(source, places.get(storageId.key) ?? 0, storages.get(storageId.key)?.sizeBytes ?? 0);
      const root = storages.get(storageId.key) ?? makeStorage(storageId, { at, byteOrder, open });
      storages.set(root.key, root);
      return storageId.view === undefined || storageId.view === null
        ? root
        : viewOf(root, storageId.view, at);
    },
  });
  const next = { rebuilder, options };
  const protocol = await rebuildPickle(source, legacyMagic.length, next);
  if (protocol.value !== legacyProtocol)
    throw torchUnsupported(
      `the protocol ${plainTextOf(protocol.value)} is unknown; ${legacyProtocol} is read`,
      legacyMagic.length,
    );
  const machine = await rebuildPickle(source, protocol.end, next);
  if (machine.value instanceof Map && machine.value.get('little_endian') === false) byteOrder = 'big';
  const object = await rebuildPickle(source, machine.end, next);
  const keys = await rebuildPickle(source, object.end, next);
  await locate(source, keys, { storages, places, byteOrder });
  return { container: 'legacy', value: object.value, protocol: object.protocol, globals: rebuilder.globals };
}

/** A part of a storage, with a key of its own; old files have such. */
function viewOf(root: OpenableStorage, view: TorchValue, at: number): OpenableStorage {
  const [key, offset, count] = Array.isArray(view) ? (view as TorchValue[]) : [];
  const itemBytes = elementLayout(root.dtype).bits / 8;
  if (
    typeof key !== 'string' ||
    typeof offset !== 'number' ||
    typeof count !== 'number' ||
    !(offset >= 0 && count >= 0)
  )
    throw torchError('a view of a storage states no key, offset and size', at);
  if ((offset + count) * itemBytes > root.sizeBytes)
    throw torchError(`a view reaches outside of storage ${root.key}`, at);
  const sizeBytes = count * itemBytes;
  const open = async (signal: AbortSignal | undefined): Promise<ByteRangeSource> =>
    sliceSource(await root.open(signal), offset * itemBytes, sizeBytes);
  return { ...root, key: `${root.key}/${key}`, sizeBytes, open };
}

interface Storages {
  readonly storages: ReadonlyMap<string, OpenableStorage>;
  readonly places: Map<string, number>;
  readonly byteOrder: ByteOrder;
}

/** Finds where each storage is: behind its number of elements, in the order of the keys. */
async function locate(
  source: ByteRangeSource,
  keys: { readonly value: TorchValue; readonly end: number },
  { storages, places, byteOrder }: Storages,
): Promise<void> {
  if (!Array.isArray(keys.value)) throw torchError('the keys of the storages are not a list', keys.end);
  let at = keys.end;
  for (const key of keys.value as TorchValue[]) {
    const storage = storages.get(plainTextOf(key));
    if (storage === undefined)
      throw torchError(`storage ${plainTextOf(key).slice(0, 80)} belongs to no tensor`, at);
    if (at + countBytes > source.sizeBytes)
      throw torchError(`storage ${storage.key} is missing`, source.sizeBytes);
    const bytes = await readExactly(source, { offset: at, length: countBytes });
    const count = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, byteOrder === 'little'));
    const sizeBytes = (count * elementLayout(storage.dtype).bits) / 8;
    if (sizeBytes !== storage.sizeBytes)
      throw torchError(
        `storage ${storage.key} has ${sizeBytes} bytes where ${storage.sizeBytes} are due`,
        at,
      );
    places.set(storage.key, at + countBytes);
    at += countBytes + sizeBytes;
    if (at > source.sizeBytes)
      throw torchError(
        `storage ${storage.key} ends ${at - source.sizeBytes} bytes too early`,
        source.sizeBytes,
      );
  }
  for (const key of storages.keys())
    if (!places.has(key)) throw torchError(`storage ${key} is not in the file`, keys.end);
}
