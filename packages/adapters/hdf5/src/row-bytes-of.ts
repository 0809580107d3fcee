import { InvalidValueError } from '@holdfast/domain';
import {
  bytesOfElements,
  type ElementData,
  elementLayout,
  type ElementType,
  whatIs,
} from '@holdfast/formats';

/**
 * The bytes of whole rows, little-endian.
 *
 * @throws InvalidValueError for data of another type, or of a part of a row.
 */
export function rowBytesOf(
  data: ElementData,
  { dtype, rowBytes }: { readonly dtype: ElementType; readonly rowBytes: number },
): Uint8Array {
  const { array, arrayName } = elementLayout(dtype);
  const fail = (value: unknown, reason: string): never => {
    throw new InvalidValueError({ field: 'data', value, reason });
  };
  if (!(data instanceof array)) fail(whatIs(data), `must be a ${arrayName} for ${dtype}`);
  if (data.byteLength % rowBytes !== 0)
    fail(`${data.length} entries`, `must be whole rows of ${rowBytes / array.BYTES_PER_ELEMENT} entries`);
  return bytesOfElements(dtype, data, 'little');
}
