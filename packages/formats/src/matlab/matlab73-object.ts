import { elementTypeOf } from '../hdf5/decode-elements.ts';
import { hdf5Error } from '../hdf5/hdf5-error.ts';
import type { Hdf5Object } from '../hdf5/hdf5-file.ts';
import type { Hdf5Attribute } from '../hdf5/read-attributes.ts';
import { shapeElementCount } from '../tensor/shape-element-count.ts';
import type { ElementType } from '../value/element-type.ts';
import type { Value } from '../value/value.ts';
import { classOfElementType } from './encode-mat-array.ts';
import { elementTypeOfClass } from './matlab-types.ts';

/** An object of a file of version 7.3 as MATLAB sees it. */
export interface Matlab73Object {
  readonly object: Hdf5Object;
  /** As in earlier versions: `double`, `logical`, `char`, `sparse`, `cell`, `struct`, `object`, `function`, `opaque`. */
  readonly className: string;
  /** The class that the file names: for objects their own. */
  readonly statedClass: string;
  readonly kind: Value['kind'];
  /** The type of its elements, where they are numbers. */
  readonly dtype: ElementType | undefined;
  /** As MATLAB counts them; empty for an opaque object. */
  readonly dims: readonly number[];
  /** Set where the dataset holds the dimensions in place of elements. */
  readonly isEmpty: boolean;
  /** The names of the fields in their order, where the file states it. */
  readonly fields: readonly string[] | undefined;
}

const functionDecode = 1;
const objectDecode = 2;
const opaqueDecode = 3;

/**
 * Finds out what an object is by its attributes. Of a struct array or a sparse matrix, members say how large it is.
 *
 * @throws FormatError when they are damaged or contradict each other.
 */
export async function describe73(object: Hdf5Object): Promise<Matlab73Object> {
  const marks = new Map((await object.attributes()).map((attribute) => [attribute.name, attribute]));
  const statedClass = (await textOf(marks.get('MATLAB_class'))) ?? ownClass(object);
  const isEmpty = ((await numberOf(marks.get('MATLAB_empty'))) ?? 0) !== 0;
  const decode = await numberOf(marks.get('MATLAB_object_decode'));
  const rows = await numberOf(marks.get('MATLAB_sparse'));
  const fields = await namesOf(marks.get('MATLAB_fields'));
  const className = rows === undefined ? classOf(object, statedClass, decode) : sparseClass(statedClass);
  const kind = kindOf(className, rows);
  const dtype = kind === 'numeric' ? dtypeOf(object, statedClass) : undefined;
  const common = { object, className, statedClass, kind, dtype, isEmpty, fields };
  const dims = kind === 'opaque' ? [] : await dimsOf(object, { isEmpty, rows });
  if (shapeElementCount(dims) === undefined)
    throw hdf5Error(`the dimensions of ${object.path} are out of range`, object.offset);
  return { ...common, dims };
}

/** Whether the members of a group are arrays of references: one for each element of a struct array. */
export async function referencesOf(object: Hdf5Object): Promise<boolean> {
  if (object.kind !== 'dataset' || object.type.class !== 'reference') return false;
  return !(await object.attributes()).some(({ name }) => name === 'MATLAB_class');
}

/** The members of a group in the order of its fields. */
export async function membersOf({
  object,
  fields,
}: Matlab73Object): Promise<readonly (readonly [string, Hdf5Object])[]> {
  if (object.kind !== 'group') return [];
  const names = fields ?? (await object.links()).map(({ name }) => name);
  const members: (readonly [string, Hdf5Object])[] = [];
  for (const name of names) {
    const member = await object.open(name);
    if (member === undefined)
      throw hdf5Error(`the field ${name} of ${object.path} is missing`, object.offset);
    members.push([name, member]);
  }
  return members;
}

function classOf(object: Hdf5Object, stated: string, decode: number | undefined): string {
  if (stated === 'function_handle' || decode === functionDecode) return 'function';
  if (decode === objectDecode) return 'object';
  if (decode === opaqueDecode) return 'opaque';
  if (stated === 'canonical empty') return 'double';
  const isKnown =
    elementTypeOfClass(stated) !== undefined || ['logical', 'char', 'cell', 'struct'].includes(stated);
  return isKnown ? stated : object.kind === 'group' ? 'object' : 'opaque';
}

function sparseClass(stated: string): string {
  return stated === 'logical' ? stated : 'sparse';
}

function kindOf(className: string, rows: number | undefined): Value['kind'] {
  if (rows !== undefined) return 'sparse';
  if (className === 'char') return 'text';
  if (className === 'cell' || className === 'struct') return className;
  return className === 'logical' || elementTypeOfClass(className) !== undefined ? 'numeric' : 'opaque';
}

/** The class of what another program wrote without one. */
function ownClass(object: Hdf5Object): string {
  if (object.kind === 'group') return 'struct';
  if (object.kind === 'type') return 'type';
  if (object.type.class === 'reference') return 'cell';
  const dtype = elementTypeOf(object.type);
  if (dtype === 'bool') return 'logical';
  return (dtype && classOfElementType(dtype)) ?? (isComplexPair(object) ? 'double' : object.typeText);
}

/** How MATLAB stores complex numbers: parts of one type named `real` and `imag`. */
function isComplexPair(object: Hdf5Object): boolean {
  if (object.kind !== 'dataset' || object.type.class !== 'compound') return false;
  const [real, imaginary, ...others] = object.type.members;
  if (real?.name !== 'real' || imaginary?.name !== 'imag' || others.length > 0) return false;
  return elementTypeOf(real.type) !== undefined && elementTypeOf(real.type) === elementTypeOf(imaginary.type);
}

function dtypeOf(object: Hdf5Object, stated: string): ElementType {
  const plain = stated === 'logical' ? 'bool' : (elementTypeOfClass(stated) ?? 'float64');
  const isComplex =
    isComplexPair(object) || (object.kind === 'dataset' && elementTypeOf(object.type)?.startsWith('complex'));
  if (isComplex !== true) return plain;
  return plain === 'float32' ? 'complex64' : 'complex128';
}

async function dimsOf(
  object: Hdf5Object,
  { isEmpty, rows }: { readonly isEmpty: boolean; readonly rows: number | undefined },
): Promise<readonly number[]> {
  if (object.kind === 'group') {
    if (rows !== undefined) return [rows, await columnsOf(object)];
    const [link] = await object.links();
    const member = link && (await object.open(link.name));
    return member !== undefined && (await referencesOf(member)) ? dimsOf(member, { isEmpty, rows }) : [1, 1];
  }
  if (object.kind !== 'dataset') return [];
  if (!isEmpty) return matlabDims(object.shape);
  const [extent = 0, ...others] = object.shape;
  const dims = extent > 32 || others.length > 0 ? [] : numbersOf(await object.read());
  if (dims.length < 2 || !dims.includes(0))
    throw hdf5Error(`${object.path} is marked as empty and has no empty dimensions`, object.offset);
  return dims;
}

async function columnsOf(group: Hdf5Object & { readonly kind: 'group' }): Promise<number> {
  const pointers = await group.open('jc');
  if (pointers?.kind !== 'dataset')
    throw hdf5Error(`the sparse matrix ${group.path} has no columns`, group.offset);
  return Math.max(0, (pointers.shape[0] ?? 0) - 1);
}

/** HDF5 counts the slowest dimension first, MATLAB the fastest; MATLAB has at least two. */
function matlabDims(shape: readonly number[]): readonly number[] {
  if (shape.length === 0) return [1, 1];
  return shape.length === 1 ? [...shape, 1] : shape.toReversed();
}

async function textOf(attribute: Hdf5Attribute | undefined): Promise<string | undefined> {
  if (attribute === undefined) return undefined;
  const value = await attribute.read();
  return value.kind === 'text' ? value.data[0] : undefined;
}

async function numberOf(attribute: Hdf5Attribute | undefined): Promise<number | undefined> {
  return attribute && numbersOf(await attribute.read())[0];
}

function numbersOf(value: Value): number[] {
  return value.kind === 'numeric' ? Array.from(value.data, Number) : [];
}

/** Each name is an array of characters. */
async function namesOf(attribute: Hdf5Attribute | undefined): Promise<readonly string[] | undefined> {
  const value = await attribute?.read();
  if (value?.kind === 'text') return value.data;
  if (value?.kind !== 'cell') return undefined;
  return value.data.map((name) => (name.kind === 'text' ? name.data.join('') : ''));
}
