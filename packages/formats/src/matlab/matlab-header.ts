import { shapeElementCount } from '../tensor/shape-element-count.ts';
import type { MatlabBytes } from './matlab-bytes.ts';
import { matlabClasses } from './matlab-types.ts';

/** The head of an array in a MATLAB file of version 5 to 7. */
export interface MatlabArrayHeader {
  /** Such as `double`, `struct`, `cell`; `opaque` for objects of newer classes. */
  readonly className: string;
  readonly isComplex: boolean;
  readonly isLogical: boolean;
  /** Empty for an opaque array, which states none. */
  readonly dims: readonly number[];
  readonly name: string;
  /** Where the content begins, and where the array ends. */
  readonly bodyAt: number;
  readonly end: number;
}

const complexFlag = 0x0800;
const logicalFlag = 0x0200;
/** The most dimensions of an array; scipy has the same limit. */
export const mostDimensions = 32;

/** Reads the head of an array: flags, dimensions, name. */
export function readArrayHeader(view: MatlabBytes, at: number, end: number): MatlabArrayHeader {
  const flagsElement = view.element(at, end);
  if (flagsElement.sizeBytes !== 8 || view.bytes.length < flagsElement.start + 8)
    throw view.error('the flags of an array are not 8 bytes', at);
  const flags = view.uint32(flagsElement.start);
  const className = matlabClasses.get(flags & 0xff);
  if (className === undefined) throw view.error(`the class ${flags & 0xff} of an array is unknown`, at);
  const isComplex = (flags & complexFlag) !== 0;
  const isLogical = (flags & logicalFlag) !== 0;
  if (className === 'opaque') {
    const nameElement = view.element(flagsElement.next, end);
    const name = view.name(nameElement);
    return { className, isComplex, isLogical, end, dims: [], name, bodyAt: nameElement.next };
  }
  const dimsElement = view.element(flagsElement.next, end);
  const dims = view.extents(dimsElement);
  if (dims.length < 2 || dims.length > mostDimensions || shapeElementCount(dims) === undefined)
    throw view.error(`the dimensions [${dims.slice(0, 8).join(', ')}] are out of range`, dimsElement.at);
  const nameElement = view.element(dimsElement.next, end);
  const name = view.name(nameElement);
  return { className, isComplex, isLogical, end, dims, name, bodyAt: nameElement.next };
}
