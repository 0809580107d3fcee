import { runPickle } from '../pickle/pickle-machine.ts';
import { BoundedReader } from '../source/bounded-reader.ts';
import type { ByteRangeSource } from '../source/byte-range-source.ts';
import { ReadBudget } from '../source/read-budget.ts';
import { elementLayout } from '../value/element-type.ts';
import type { OpenOptions } from '../zip/zip-file.ts';
import type { OpenableStorage } from './openable-storage.ts';
import { torchError, torchUnsupported } from './torch-error.ts';
import type { TorchRebuilder } from './torch-rebuilder.ts';
import { storageTypes } from './torch-types.ts';
import { plainTextOf, type TorchValue } from './torch-value.ts';

/** Settings of {@link readTorch}. */
export interface ReadTorchOptions extends OpenOptions {
  /**
   * What to do about names that the pickle imports and that are not rebuilt: refuse the file, or keep them, and objects of
   * them, as opaque values. Nothing is run either way. @default 'refuse'
   */
  readonly unknownGlobals?: 'refuse' | 'keep' | undefined;
  /** The most opcodes of a pickle that are followed; one that makes a container or an object counts as up to 8. @default 10000000 */
  readonly mostOpcodes?: number | undefined;
}

/** Settings that only this package has. */
export interface OpenTorchOptions extends ReadTorchOptions {
  /** Gives a float as a scalar array of float64, which tells it from an integer. @default a number, as an integer */
  readonly keepsFloats?: boolean | undefined;
}

/** What the containers of all times have in common. */
export interface TorchContent {
  readonly container: 'zip' | 'legacy' | 'tar';
  readonly value: TorchValue;
  /** Of the pickle. */
  readonly protocol: number;
  /** Names that the pickle imports, in order. */
  readonly globals: readonly string[];
}

const defaultMostOpcodes = 10_000_000;
const wholeContent = Number.MAX_SAFE_INTEGER;

/** One pickle of a file, rebuilt. */
export async function rebuildPickle(
  source: ByteRangeSource,
  start: number,
  { rebuilder, options }: { readonly rebuilder: TorchRebuilder; readonly options: ReadTorchOptions },
): Promise<{ readonly value: TorchValue; readonly end: number; readonly protocol: number }> {
  const { signal, mostOpcodes = defaultMostOpcodes } = options;
  const budget = new ReadBudget(Number.POSITIVE_INFINITY);
  const reader = new BoundedReader(source, signal === undefined ? { budget } : { budget, signal });
  const run = await runPickle(reader, rebuilder, {
    start,
    mostOpcodes,
    isWeighed: true,
    mostContentBytes: wholeContent,
  });
  if (run.outcome === 'limited')
    throw torchUnsupported(
      `the pickle has more than ${mostOpcodes} opcodes`,
      run.offset,
      'Raise mostOpcodes if the file is to be trusted.',
    );
  if (run.outcome !== 'stopped' || run.value === undefined)
    throw torchError(`the pickle ${run.outcome === 'cut' ? 'ends too early' : 'makes no sense'}`, run.offset);
  return { value: run.value, end: run.offset, protocol: run.protocol };
}

/** What a persistent id says of a storage. */
export interface StorageId {
  readonly typeName: string;
  readonly key: string;
  readonly device: string;
  readonly count: number;
  /** The rest of the id, which older files have. */
  readonly view: TorchValue | undefined;
}

/** Reads a persistent id, `('storage', FloatStorage, '0', 'cpu', 6)`. */
export function storageIdOf(id: TorchValue, at: number): StorageId {
  const [kind, type, key, device, count, view] = Array.isArray(id) ? (id as TorchValue[]) : [];
  const typeName =
    typeof type === 'object' && type !== null && 'className' in type ? type.className : undefined;
  const isCount = typeof count === 'number' && Number.isSafeInteger(count) && count >= 0;
  if (
    kind !== 'storage' ||
    typeName === undefined ||
    !isCount ||
    (typeof key !== 'string' && typeof key !== 'number')
  )
    throw torchError('the pickle refers to something that is not a storage', at);
  return { typeName, key: plainTextOf(key), device: plainTextOf(device), count, view };
}

/** A storage of a type, whose bytes come from `open`. */
export function makeStorage(
  { typeName, key, device, count }: Omit<StorageId, 'view'>,
  place: Pick<OpenableStorage, 'byteOrder' | 'open'> & { readonly at: number },
): OpenableStorage {
  const dtype = storageTypes.get(typeName.split('.').at(-1) ?? '');
  if (dtype === undefined) throw torchUnsupported(`storages of ${typeName} are not read`, place.at);
  const sizeBytes = (elementLayout(dtype).bits / 8) * count;
  const { byteOrder, open } = place;
  return {
    kind: 'opaque',
    type: 'storage',
    className: typeName,
    given: [],
    key,
    device,
    sizeBytes,
    dtype,
    byteOrder,
    open,
  };
}
