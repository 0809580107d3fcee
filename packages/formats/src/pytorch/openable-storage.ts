import type { ByteRangeSource } from '../source/byte-range-source.ts';
import type { ByteOrder } from '../value/element-bytes.ts';
import type { ElementType } from '../value/element-type.ts';
import type { TorchObject, TorchStorage, TorchValue } from './torch-value.ts';

/** A storage whose bytes can be had. */
export interface OpenableStorage extends TorchStorage, TorchObject {
  readonly type: 'storage';
  readonly dtype: ElementType;
  readonly byteOrder: ByteOrder;
  readonly open: (signal: AbortSignal | undefined) => Promise<ByteRangeSource>;
}

/** Whether a value is a storage. */
export function isOpenableStorage(value: TorchValue | undefined): value is OpenableStorage {
  return typeof value === 'object' && value !== null && 'open' in value;
}
