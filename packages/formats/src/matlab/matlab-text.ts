import { product } from '../value/lazy-array.ts';
import type { TextArray } from '../value/value.ts';
import type { MatlabBytes, MatlabElement } from './matlab-bytes.ts';
import type { MatlabArrayHeader } from './matlab-header.ts';
import { miInt8, miUint16, miUint8, miUtf16, miUtf32, miUtf8 } from './matlab-types.ts';

/** Characters without bytes cost a file nothing: their number must not cost memory. */
const mostEmptyTexts = 2 ** 20;

/**
 * An array of characters as texts: one for each row, so that its shape lacks the last dimension. Characters are UTF-16
 * units, as in MATLAB; there may be none stored at all, which means blanks.
 */
export function readTexts(view: MatlabBytes, header: MatlabArrayHeader): TextArray {
  const { dims, bodyAt, end } = header;
  const count = product(dims);
  const shape = textShape(dims);
  const rows = product(shape);
  if (Math.max(count, rows) > mostEmptyTexts && Math.max(count, rows) > 8 * view.bytes.length)
    throw view.error(`${Math.max(count, rows)} characters are claimed, more than the file can hold`, bodyAt);
  const element = view.element(bodyAt, end);
  const units = element.sizeBytes === 0 ? ' '.repeat(count) : decode(view, element);
  if (units.length < count)
    throw view.error(`${units.length} characters are stored where ${count} are due`, element.at);
  return { kind: 'text', shape, order: 'column-major', data: rowsOf(units, rows, dims.at(-1) ?? 0) };
}

/** The shape of the texts in an array of characters; without a character there are none, as in scipy. */
export function textShape(dims: readonly number[]): number[] {
  const rows = dims.slice(0, -1);
  return dims.at(-1) === 0 ? [...rows.slice(0, -1), 0] : rows;
}

/** Characters in the order of MATLAB as one text a row. */
export function rowsOf(units: string, rows: number, width: number): string[] {
  if (rows === 1) return [units.slice(0, width)];
  return Array.from({ length: rows }, (_, row) => {
    let text = '';
    for (let column = 0; column < width; column += 1) text += units.charAt(row + column * rows);
    return text;
  });
}

function decode(view: MatlabBytes, element: MatlabElement): string {
  const bytes = view.content(element);
  switch (element.type) {
    case miUtf8:
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    case miUint16:
    case miUtf16:
      return wideText(view, bytes, 2);
    case miUtf32:
      return wideText(view, bytes, 4);
    case miInt8:
    case miUint8:
      return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
    default:
      throw view.error(`characters in a data element of type ${element.type} are not read`, element.at);
  }
}

function wideText(view: MatlabBytes, bytes: Uint8Array, width: 2 | 4): string {
  const units = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLittle = view.byteOrder === 'little';
  const characters: string[] = [];
  for (let at = 0; at + width <= bytes.length; at += width) {
    const code = width === 2 ? units.getUint16(at, isLittle) : units.getUint32(at, isLittle);
    characters.push(
      width === 2 ? String.fromCharCode(code) : String.fromCodePoint(code > 0x10_ffff ? 0xfffd : code),
    );
  }
  return characters.join('');
}
