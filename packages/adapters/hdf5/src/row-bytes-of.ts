import { InvalidValueError } from '@holdfast/domain';
import { bytesOfElements, type ElementData, elementLayout, type ElementType } from '@holdfast/formats';

/**
 * The bytes of whole rows, little-endian.
 *
 * @throws InvalidValueError for data of another type, or of a part of a row.
 */
export function rowBytesOf(
  data: ElementData,
  { dtype, rowBytes }: { readonly dtype: ElementType; readonly rowBytes: number },
): Uint8Array {
  const { array } = elementLayout(dtype);
  const { name } = array as unknown as { readonly name: string };
  const fail = (value: string, reason: string): never => {
    throw new InvalidValueError({ field: 'data', value, reason });
  };
  if (!(data instanceof array)) fail(data.constructor.name, `must be a ${name} for ${dtype}`);
  if (data.byteLength % rowBytes !== 0)
    fail(`${data.length} entries`, `must be whole rows of ${rowBytes / array.BYTES_PER_ELEMENT} entries`);
  return bytesOfElements(dtype, data, 'little');
}
