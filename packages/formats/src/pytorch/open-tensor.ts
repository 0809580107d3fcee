import type { ByteRangeSource } from '../source/byte-range-source.ts';
import { bytesSource } from '../source/bytes-source.ts';
import { readExactly, sliceSource } from '../source/read-exactly.ts';
import { bytesOfElements, elementsOfBytes, hostByteOrder, makeElements } from '../value/element-bytes.ts';
import { type ElementType, elementLayout } from '../value/element-type.ts';
import { lazyArray, product } from '../value/lazy-array.ts';
import { gatherElements } from '../value/to-row-major.ts';
import type { OpenableStorage } from './openable-storage.ts';
import { torchError } from './torch-error.ts';
import type { TorchTensor } from './torch-value.ts';

/** A view of a storage, as the file states it. */
export interface TensorView {
  readonly dtype: ElementType;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly storageOffset: number;
  readonly requiresGrad: boolean;
  /** Of the opcode that made it, for errors. */
  readonly at: number;
  /** The most bytes that a view may have that is larger than its storage. */
  readonly limitBytes: number;
}

/**
 * A tensor over a storage: by range where its elements follow each other, else gathered.
 *
 * @throws FormatError when the view reaches outside of the storage.
 */
export function openTensor(storage: OpenableStorage, view: TensorView): TorchTensor {
  const { dtype, shape, strides, storageOffset, requiresGrad, at } = view;
  const itemBytes = elementLayout(dtype).bits / 8;
  const count = product(shape);
  const reach = shape.reduce((sum, extent, dimension) => sum + (extent - 1) * (strides[dimension] ?? 0), 1);
  const endBytes = (storageOffset + (count === 0 ? 0 : reach)) * itemBytes;
  if (endBytes > storage.sizeBytes)
    throw torchError(
      `a tensor needs ${endBytes} bytes of storage ${storage.key}, which has ${storage.sizeBytes}`,
      at,
    );
  const start = storageOffset * itemBytes;
  const isInSequence = count < 2 || isContiguous(shape, strides);
  const details = { name: '', dtype, shape, order: 'row-major', typeText: `torch.${dtype}` } as const;
  const array = isInSequence
    ? lazyArray({
        ...details,
        byteOrder: storage.byteOrder,
        open: async (signal) => sliceSource(await storage.open(signal), start, count * itemBytes),
      })
    : lazyArray({
        ...details,
        byteOrder: hostByteOrder,
        open: async (signal) => gathered(await storage.open(signal), { storage, view, reach, signal }),
      });
  return { ...array, strides, storage, storageOffset, requiresGrad };
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  return shape.every(
    (extent, dimension) => extent === 1 || strides[dimension] === product(shape.slice(dimension + 1)),
  );
}

async function gathered(
  source: ByteRangeSource,
  {
    storage,
    view,
    reach,
    signal,
  }: { storage: OpenableStorage; view: TensorView; reach: number; signal: AbortSignal | undefined },
): Promise<ByteRangeSource> {
  const { dtype, shape, strides, storageOffset, limitBytes, at } = view;
  const { bits, lanes } = elementLayout(dtype);
  const itemBytes = bits / 8;
  const sizeBytes = product(shape) * itemBytes;
  if (sizeBytes > Math.max(limitBytes, storage.sizeBytes))
    throw torchError(`a tensor repeats its elements to ${sizeBytes} bytes; ${limitBytes} are allowed`, at);
  const bytes = await readExactly(source, {
    offset: storageOffset * itemBytes,
    length: reach * itemBytes,
    signal,
  });
  const target = makeElements(dtype, product(shape));
  gatherElements(
    { data: elementsOfBytes(dtype, bytes, storage.byteOrder), lanes },
    { shape, strides, start: 0 },
    target,
  );
  return bytesSource(bytesOfElements(dtype, target, hostByteOrder));
}
