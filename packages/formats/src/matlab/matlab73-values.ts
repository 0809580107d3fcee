import { hdf5Error, hdf5Unsupported } from '../hdf5/hdf5-error.ts';
import type { Hdf5File, Hdf5Object } from '../hdf5/hdf5-file.ts';
import { makeElements } from '../value/element-bytes.ts';
import type { ElementData, ElementType } from '../value/element-type.ts';
import { product } from '../value/lazy-array.ts';
import type {
  NumericArray,
  OpaqueValue,
  SparseMatrix,
  StructArray,
  TextArray,
  Value,
} from '../value/value.ts';
import { rowsOf, textShape } from './matlab-text.ts';
import { numbers73 } from './matlab73-numbers.ts';
import { describe73, type Matlab73Object, membersOf, referencesOf } from './matlab73-object.ts';
import { sparseFault } from './sparse-fault.ts';

const deepestNesting = 200;
/** References can name one object many times: what comes of them together is bounded. */
const mostValues = 2 ** 24;
/** A text of JavaScript can have little more. */
const mostCharacters = 2 ** 28;

interface Counted {
  readonly value: Value;
  /** How many values it has inside, itself too. */
  readonly count: number;
}

/** Reads values of a file of version 7.3. Nothing in it is run: objects and functions are named and kept. */
export class Matlab73Reader {
  readonly #file: Hdf5File;
  /** What references named, by address. */
  readonly #known = new Map<number, Counted>();
  readonly #open = new Set<number>();

  constructor(file: Hdf5File) {
    this.#file = file;
  }

  /**
   * The value of an object.
   *
   * @throws FormatError when it is damaged, contains itself, or has a part that is not read.
   */
  async read(described: Matlab73Object): Promise<Value> {
    return (await this.#read(described, 0)).value;
  }

  /** The objects that an array of references names, with their places; those without an object are `undefined`. */
  async *referenced(object: Hdf5Object): AsyncGenerator<Hdf5Object | undefined> {
    if (object.kind !== 'dataset' || object.type.class !== 'reference')
      throw hdf5Unsupported(`${object.path} has no references where its class has them`, object.offset);
    const value = await object.read();
    if (value.kind !== 'numeric') return;
    for (const address of value.data)
      yield Number(address) === 0 ? undefined : await this.#file.dereference(address);
  }

  async #read(described: Matlab73Object, depth: number): Promise<Counted> {
    const { object, kind, dims } = described;
    if (depth > deepestNesting)
      throw hdf5Error(`values are nested deeper than ${deepestNesting} levels`, object.offset);
    if (this.#open.has(object.address)) throw hdf5Error('a value contains itself', object.offset);
    this.#open.add(object.address);
    try {
      switch (kind) {
        case 'cell': {
          const { values, count } = await this.#all(described, depth);
          return { value: { kind, shape: dims, order: 'column-major', data: values }, count };
        }
        case 'struct':
          return await this.#struct(described, depth);
        case 'opaque':
          return await this.#opaque(described, depth);
        case 'sparse':
          return { value: await sparse(described), count: 1 };
        case 'text':
          return { value: await texts(described), count: 1 };
        default:
          return { value: await numbers73(described), count: 1 };
      }
    } finally {
      this.#open.delete(object.address);
    }
  }

  /** What the references of a dataset name. */
  async #all(
    { object, isEmpty, dims }: Pick<Matlab73Object, 'object' | 'isEmpty' | 'dims'>,
    depth: number,
  ): Promise<{ readonly values: readonly Value[]; readonly count: number }> {
    const values: Value[] = [];
    let count = 1;
    if (isEmpty) return { values, count };
    for await (const target of this.referenced(object)) {
      const found = target === undefined ? nothing : await this.#target(target, depth + 1);
      values.push(found.value);
      count += found.count;
      if (count > mostValues)
        throw hdf5Unsupported(`more than ${mostValues} values are inside of one`, object.offset);
    }
    if (values.length !== product(dims))
      throw hdf5Error(`${object.path} has not as many parts as its dimensions say`, object.offset);
    return { values, count };
  }

  async #target(object: Hdf5Object, depth: number): Promise<Counted> {
    const known = this.#known.get(object.address);
    if (known !== undefined) return known;
    const found = await this.#read(await describe73(object), depth);
    this.#known.set(object.address, found);
    return found;
  }

  async #struct(
    described: Matlab73Object,
    depth: number,
  ): Promise<Counted & { readonly value: StructArray }> {
    const { dims, isEmpty, fields: names = [] } = described;
    const fields: { name: string; values: readonly Value[] }[] = [];
    let count = 1;
    if (isEmpty || described.object.kind !== 'group')
      for (const name of names) fields.push({ name, values: [] });
    for (const [name, member] of isEmpty ? [] : await membersOf(described)) {
      const isArray = await referencesOf(member);
      const found = isArray
        ? await this.#all({ object: member, isEmpty, dims }, depth)
        : await this.#one(member, depth);
      fields.push({ name, values: found.values });
      count += found.count;
      if (found.values.length !== product(dims))
        throw hdf5Error(`${member.path} has not as many parts as its dimensions say`, member.offset);
    }
    return { value: { kind: 'struct', shape: dims, order: 'column-major', fields }, count };
  }

  async #one(
    member: Hdf5Object,
    depth: number,
  ): Promise<{ readonly values: readonly Value[]; readonly count: number }> {
    const { value, count } = await this.#read(await describe73(member), depth + 1);
    return { values: [value], count };
  }

  async #opaque(
    described: Matlab73Object,
    depth: number,
  ): Promise<Counted & { readonly value: OpaqueValue }> {
    const { object, className, statedClass } = described;
    const type = className === 'opaque' ? 'MCOS' : className;
    const common = { kind: 'opaque', className: statedClass, type } as const;
    if (object.kind === 'group') {
      const { value: content, count } = await this.#struct({ ...described, dims: [1, 1] }, depth);
      return { value: { ...common, content }, count: count + 1 };
    }
    if (object.kind !== 'dataset') return { value: common, count: 1 };
    const content = await object.read();
    const isText = className === 'function' && content.kind === 'numeric';
    return {
      value: {
        ...common,
        content: isText ? textOf(content, [1, content.data.length]) : columnMajor(content),
      },
      count: 2,
    };
  }
}

const nothing: Counted = {
  value: {
    kind: 'numeric',
    dtype: 'float64',
    shape: [0, 0],
    order: 'column-major',
    data: new Float64Array(0),
  },
  count: 1,
};

async function texts({ object, dims, isEmpty }: Matlab73Object): Promise<TextArray> {
  const content = isEmpty || object.kind !== 'dataset' ? undefined : await object.read();
  if (content === undefined) return textOf(nothing.value as NumericArray, dims);
  if (content.kind === 'numeric') return textOf(content, dims);
  if (content.kind === 'text') return { ...content, order: 'row-major' };
  throw hdf5Unsupported(`${object.path} has no characters where its class has them`, object.offset);
}

/** Characters are UTF-16 units; texts are the rows. */
function textOf({ data }: NumericArray, dims: readonly number[]): TextArray {
  if (data.length > mostCharacters)
    throw hdf5Unsupported(`an array of ${data.length} characters is above the limit of ${mostCharacters}`, 0);
  const units: string[] = [];
  for (let at = 0; at < data.length; at += 8192)
    units.push(String.fromCharCode(...Array.from(data.subarray(at, at + 8192), Number)));
  const shape = textShape(dims);
  const rows = rowsOf(units.join(''), product(shape), dims.at(-1) ?? 0);
  return { kind: 'text', shape, order: 'column-major', data: rows };
}

async function sparse({ object, dims, className }: Matlab73Object): Promise<SparseMatrix> {
  const part = async (name: string, dtype: ElementType): Promise<ElementData> => {
    const found = object.kind === 'group' ? await object.open(name) : undefined;
    if (found === undefined) return makeElements(dtype, 0);
    return (await numbers73({ ...(await describe73(found)), dtype })).data;
  };
  const [rows = 0, columns = 0] = dims;
  const columnPointers = (await part('jc', 'int32')) as Int32Array;
  const rowIndices = (await part('ir', 'int32')) as Int32Array;
  const values = object.kind === 'group' ? await object.open('data') : undefined;
  const described = values && (await describe73(values));
  const isComplex = described?.dtype?.startsWith('complex') === true;
  const dtype = className === 'logical' ? 'bool' : isComplex ? 'complex128' : 'float64';
  const data = await part('data', dtype);
  const count = columnPointers.at(-1) ?? 0;
  const lanes = isComplex ? 2 : 1;
  const fault = sparseFault({ rows, columns, columnPointers, rowIndices });
  if (fault !== undefined || data.length < lanes * count)
    throw hdf5Error(
      `in ${object.path}, ${fault ?? 'elements of a sparse matrix are missing'}`,
      object.offset,
    );
  return {
    kind: 'sparse',
    dtype,
    shape: [rows, columns],
    columnPointers,
    rowIndices: rowIndices.subarray(0, count),
    data: data.subarray(0, lanes * count),
  };
}

/** HDF5 counts the dimensions from the slowest; in the order of MATLAB they come the other way round. */
function columnMajor(value: Value): Value {
  if (!('order' in value)) return value;
  return { ...value, shape: value.shape.toReversed(), order: 'column-major' };
}
