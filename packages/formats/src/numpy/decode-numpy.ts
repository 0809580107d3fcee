import { elementsOfBytes } from '../value/element-bytes.ts';
import { product } from '../value/lazy-array.ts';
import { toRowMajorItems } from '../value/to-row-major.ts';
import type { ElementOrder, Value } from '../value/value.ts';
import type { NumpyDtype } from './numpy-dtype.ts';

/** The bytes of an array, and what they mean. */
export interface NumpyContent {
  readonly dtype: NumpyDtype;
  readonly shape: readonly number[];
  readonly order: ElementOrder;
  readonly bytes: Uint8Array;
  /** Makes the error for bytes that mean nothing. */
  readonly errorOf: (reason: string) => Error;
}

/** Elements without bytes cost a file nothing: their number must not cost memory. */
const mostEmptyItems = 2 ** 20;
const pieceBytes = 32_768;
const lastCodePoint = 0x10_ffff;

/** The value of an array of any element type of fixed size. */
export function decodeNumpy(content: NumpyContent): Value {
  const { dtype, shape, order, bytes } = content;
  const { element } = dtype;
  if (dtype.itemBytes === 0 && product(shape) > mostEmptyItems)
    throw content.errorOf(
      `the array claims ${product(shape)} elements that take no bytes; ${mostEmptyItems} are read at most`,
    );
  switch (element.kind) {
    case 'numeric': {
      const data = elementsOfBytes(element.dtype, bytes, element.byteOrder);
      const unit = element.unit === undefined ? {} : { unit: element.unit };
      return { kind: 'numeric', dtype: element.dtype, shape, order, data, ...unit };
    }
    case 'text':
      return { kind: 'text', shape, order, data: decodeTexts(content, element.byteOrder === 'little') };
    case 'bytes':
      return { kind: 'bytes', shape, order, itemBytes: dtype.itemBytes, data: bytes, isText: element.isText };
    case 'table':
      return decodeTable(content, element.fields);
    case 'subarray':
      throw content.errorOf(
        'the element type of the whole array has a shape of its own, which NumPy refuses too',
      );
    case 'object':
    case 'unknown':
      throw content.errorOf(whyRefused(dtype));
  }
}

/** Why an array is refused whose elements have no known size. */
export function whyRefused({ hasObjects, text }: NumpyDtype): string {
  return hasObjects ? objectsRefused : `the element type ${text.slice(0, 120)} is not known here`;
}

const objectsRefused =
  'the array holds Python objects, which are stored as a pickle: they are not read, because loading a pickle can run code';

function decodeTexts({ dtype, shape, bytes, errorOf }: NumpyContent, isLittle: boolean): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const texts: string[] = [];
  const count = product(shape);
  for (let item = 0; item < count; item += 1) {
    const start = item * dtype.itemBytes;
    let end = start + dtype.itemBytes;
    while (end > start && view.getUint32(end - 4, isLittle) === 0) end -= 4;
    const pieces: string[] = [];
    for (let at = start; at < end;) {
      const codes: number[] = [];
      for (const pieceEnd = Math.min(end, at + pieceBytes); at < pieceEnd; at += 4)
        codes.push(view.getUint32(at, isLittle));
      const unknown = codes.find((code) => code > lastCodePoint);
      if (unknown !== undefined) throw errorOf(`character ${unknown} of a text does not exist in Unicode`);
      pieces.push(String.fromCodePoint(...codes));
    }
    texts.push(pieces.join(''));
  }
  return texts;
}

function decodeTable(
  content: NumpyContent,
  fields: Extract<NumpyDtype['element'], { kind: 'table' }>['fields'],
): Value {
  const { dtype, shape } = content;
  const rows = toRowMajorItems(content.bytes, { ...content, itemBytes: dtype.itemBytes });
  const count = product(shape);
  const columns = fields.map(({ name, base, offset, shape: inner }) => {
    const width = base.itemBytes * product(inner);
    const bytes = new Uint8Array(width * count);
    for (let row = 0; row < count; row += 1) {
      const start = row * dtype.itemBytes + offset;
      bytes.set(rows.subarray(start, start + width), row * width);
    }
    const part = { ...content, dtype: base, shape: [...shape, ...inner], order: 'row-major', bytes } as const;
    return { name, value: decodeNumpy(part) };
  });
  return { kind: 'table', shape, order: 'row-major', columns };
}
