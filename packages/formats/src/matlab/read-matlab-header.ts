import { readSuperblock } from '../hdf5/read-superblock.ts';
import type { BoundedReader } from '../source/bounded-reader.ts';

/** The header of a MATLAB file from version 5 on. */
export interface MatlabHeader {
  /** `5` for versions 5 to 7, `7.3` for the form inside HDF5. */
  readonly version: '5' | '7.3';
  /** The text that the writer left. */
  readonly text: string;
  readonly byteOrder: 'little' | 'big';
  /** The platform that the text names, if it does. */
  readonly platform: string | undefined;
}

const headerBytes = 128;
const textBytes = 116;
const dataTypes: ReadonlySet<number> = new Set([14, 15]);

/**
 * Reads the 128 bytes before the data of a MATLAB file: a text, a version and a mark of the byte
 * order. For version 7.3 an HDF5 signature must follow. `undefined` for other content.
 *
 * @see https://www.mathworks.com/help/pdf_doc/matlab/matfile_format.pdf for the format
 */
export async function readMatlabHeader(reader: BoundedReader): Promise<MatlabHeader | undefined> {
  const head = await reader.read(0, headerBytes + 8);
  if (head.length < headerBytes) return undefined;
  const mark = String.fromCharCode(head[126] ?? 0, head[127] ?? 0);
  if (mark !== 'IM' && mark !== 'MI') return undefined;
  const isLittle = mark === 'IM';
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const text = printableText(head.subarray(0, textBytes));
  if (text === undefined) return undefined;
  const version = await versionOf(reader, view, isLittle);
  if (version === undefined) return undefined;
  const platform = /Platform: ([^,]+)/.exec(text)?.[1]?.trim();
  return { version, text, byteOrder: isLittle ? 'little' : 'big', platform };
}

async function versionOf(
  reader: BoundedReader,
  view: DataView,
  isLittle: boolean,
): Promise<'5' | '7.3' | undefined> {
  const number = view.getUint16(124, isLittle);
  if (number === 0x0200) return (await readSuperblock(reader)) === undefined ? undefined : '7.3';
  if (number !== 0x0100) return undefined;
  const hasData = view.byteLength >= headerBytes + 8;
  return hasData && !dataTypes.has(view.getUint32(headerBytes, isLittle)) ? undefined : '5';
}

function printableText(bytes: Uint8Array): string | undefined {
  const text = String.fromCharCode(...bytes).replace(/[\0 ]+$/, '');
  return /^[\x20-\x7e\t]{4,}$/.test(text) ? text : undefined;
}
