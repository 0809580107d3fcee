import { inflateMissing } from '../catalog/inflate-missing.ts';
import type { Inflate } from '../catalog/inflate.ts';
import { FormatError } from '../format-error.ts';
import type { ByteRangeSource } from '../source/byte-range-source.ts';
import { bytesSource } from '../source/bytes-source.ts';
import { fillExactly, readExactly, sliceSource } from '../source/read-exactly.ts';
import { type ByteOrder, bytesOfElements, elementBytes, hostByteOrder } from '../value/element-bytes.ts';
import { lazyArray, type LazyArrayDetails, product } from '../value/lazy-array.ts';
import type { LazyValue } from '../value/lazy-value.ts';
import { lazyWhole } from '../value/lazy-whole.ts';
import type { Value } from '../value/value.ts';
import { defaultLimitBytes, type OpenOptions } from '../zip/zip-file.ts';
import { matVariable, type MatVariable } from './mat-variable.ts';
import { MatlabBytes, type MatlabPlace } from './matlab-bytes.ts';
import { matlabError } from './matlab-error.ts';
import { type MatlabArrayHeader, readArrayHeader } from './matlab-header.ts';
import { numericTypeOf, readNumbers } from './matlab-numbers.ts';
import { textShape } from './matlab-text.ts';
import { miCompressed, miMatrix, storedTypes } from './matlab-types.ts';
import { readArray } from './matlab-values.ts';

/** The name that scipy gives to the variable without one, in which MATLAB keeps the workspaces of functions. */
const workspaceName = '__function_workspace__';
const headerBytes = 128;
/** How much of a variable is read to find its head: names and dimensions are rarely longer than the first. */
const firstLookBytes = 512;
const lookBytes = [firstLookBytes, 65_536, 2 ** 20];
/** Deflate makes at most 1,032 bytes of one: a claim beyond that is a lie, whatever the limit. */
const mostInflation = 1032;

/** Lists the variables of a MATLAB file of version 5 to 7: the heads are read, the values are not. */
export async function listMatlab5(
  source: ByteRangeSource,
  byteOrder: ByteOrder,
  options: OpenOptions,
): Promise<MatVariable[]> {
  const variables: MatVariable[] = [];
  const look = new Uint8Array(Math.min(firstLookBytes, source.sizeBytes));
  const view = new DataView(look.buffer);
  for (let at = headerBytes; at < source.sizeBytes;) {
    if (at + 8 > source.sizeBytes)
      throw matlabError('the file ends within the tag of a variable', source.sizeBytes);
    const head = look.subarray(0, Math.min(look.length, source.sizeBytes - at));
    await fillExactly(source, head, { offset: at, signal: options.signal });
    const element = new VariableElement(elementAt({ source, byteOrder, options, at, head, view }));
    variables.push(element.describeHead() ?? (await element.describe()));
    at = element.next;
  }
  return variables;
}

/** Where a top-level element of a file begins. */
interface ElementStart {
  readonly source: ByteRangeSource;
  readonly byteOrder: ByteOrder;
  readonly options: OpenOptions;
  readonly at: number;
  /** What was read with the tag, from the tag on; valid until the next element is looked at. */
  readonly head: Uint8Array;
  /** The same memory. */
  readonly view: DataView;
}

/** A top-level element of a file. */
interface ElementPlace extends ElementStart {
  readonly isCompressed: boolean;
  readonly sizeBytes: number;
}

function elementAt({ source, byteOrder, options, at, head, view }: ElementStart): ElementPlace {
  const isLittle = byteOrder === 'little';
  const type = view.getUint32(0, isLittle);
  const sizeBytes = view.getUint32(4, isLittle);
  if (type !== miMatrix && type !== miCompressed)
    throw matlabError(`a data element of type ${type} is in the place of a variable`, at);
  const missing = at + 8 + sizeBytes - source.sizeBytes;
  if (missing > 0)
    throw matlabError(
      `a variable needs ${missing} ${missing === 1 ? 'byte' : 'bytes'} more than there are`,
      source.sizeBytes,
    );
  return { source, byteOrder, options, at, head, view, sizeBytes, isCompressed: type === miCompressed };
}

class VariableElement {
  readonly #element: ElementPlace;

  constructor(element: ElementPlace) {
    this.#element = element;
  }

  /** Where the next one begins. */
  get next(): number {
    const { at, sizeBytes } = this.#element;
    return at + 8 + sizeBytes;
  }

  /** The variable from what was read with its tag; `undefined` where that is too little, or compressed. */
  describeHead(): MatVariable | undefined {
    const { isCompressed, sizeBytes, head, view } = this.#element;
    if (isCompressed) return undefined;
    const bytes = this.#headOf(Math.min(8 + sizeBytes, firstLookBytes));
    try {
      return bytes && this.#variable(bytes, view);
    } catch (error) {
      if (bytes === undefined || 8 + sizeBytes <= head.length || !FormatError.isInstance(error)) throw error;
      return undefined;
    }
  }

  /** Reads the head, with as little of the variable as that takes. */
  async describe(): Promise<MatVariable> {
    for (const limitBytes of lookBytes) {
      const bytes = await this.#beginning(limitBytes);
      const isAll = bytes.length < limitBytes || limitBytes === lookBytes.at(-1);
      try {
        return this.#variable(bytes);
      } catch (error) {
        if (isAll || !FormatError.isInstance(error)) throw error;
      }
    }
    throw matlabError('the head of a variable does not end', this.#element.at);
  }

  /** The bytes of the variable from its tag on, inflated where it is compressed. */
  async #beginning(limitBytes: number): Promise<Uint8Array> {
    const { source, at, sizeBytes, isCompressed, options } = this.#element;
    const length = Math.min(8 + sizeBytes, limitBytes);
    const bytes =
      this.#headOf(length) ?? (await readExactly(source, { offset: at, length, signal: options.signal }));
    return isCompressed ? this.#inflate(bytes.subarray(8), limitBytes) : bytes;
  }

  /** So many bytes of the file from the tag on, as far as they were read with it. */
  #headOf(length: number): Uint8Array | undefined {
    const { head } = this.#element;
    return length <= head.length ? head.subarray(0, length) : undefined;
  }

  async #inflate(compressed: Uint8Array, limitBytes: number): Promise<Uint8Array> {
    const { options, at } = this.#element;
    if (options.inflate === undefined) throw inflateMissing('matlab', 'a variable', at);
    return inflateZlib(options.inflate, compressed, { limitBytes, at });
  }

  /** All bytes of the variable, inflated where it is compressed. */
  async #whole(signal: AbortSignal | undefined): Promise<Uint8Array> {
    const { source, at, sizeBytes, isCompressed, options } = this.#element;
    if (!isCompressed) return readExactly(source, { offset: at, length: 8 + sizeBytes, signal });
    const compressed = await readExactly(source, { offset: at + 8, length: sizeBytes, signal });
    const dueBytes = 8 + this.#view(await this.#inflate(compressed.subarray(0, 1024), 8), '').uint32(4);
    const { limitBytes = defaultLimitBytes } = options;
    if (dueBytes > sizeBytes * mostInflation)
      throw matlabError(
        `a variable claims ${dueBytes} bytes inside of ${sizeBytes}, which deflate cannot do`,
        at,
      );
    if (dueBytes > limitBytes)
      throw matlabError(
        `a variable has ${dueBytes} bytes once it is inflated; ${limitBytes} are allowed`,
        at,
      );
    const bytes = await this.#inflate(compressed, dueBytes + 1);
    if (bytes.length !== dueBytes)
      throw matlabError(
        `a variable does not hold the ${dueBytes} bytes that it claims once it is inflated`,
        at,
      );
    return bytes;
  }

  #view(bytes: Uint8Array, variable: string, view?: DataView): MatlabBytes {
    const { byteOrder, at, isCompressed } = this.#element;
    const place: MatlabPlace = { byteOrder, offset: at, isInflated: isCompressed, variable };
    return new MatlabBytes(bytes, place, view);
  }

  #variable(bytes: Uint8Array, view?: DataView): MatVariable {
    const nameless = this.#view(bytes, '', view);
    if (bytes.length < 16) throw nameless.error('the head of a variable is missing', 0);
    if (nameless.uint32(0) !== miMatrix) throw nameless.error('an array is due', 0);
    const header = readArrayHeader(nameless, 8, 8 + nameless.uint32(4));
    const { className, dims, isLogical } = header;
    const name = header.name === '' ? workspaceName : header.name;
    const shape = className === 'char' ? textShape(dims) : dims;
    const dtype = numericTypeOf(header);
    const typeText = isLogical ? 'logical' : className;
    const value =
      dtype === undefined
        ? lazyWhole({
            name,
            shape,
            order: 'column-major',
            typeText,
            kind: kindOf(className),
            load: (signal) => this.#load(name, signal),
          })
        : this.#array(nameless.of(name), header, name);
    return matVariable(value, { className: typeText, dims, storedBytes: 8 + this.#element.sizeBytes });
  }

  async #load(name: string, signal: AbortSignal | undefined): Promise<Value> {
    const view = this.#view(await this.#whole(signal), name);
    return readArray(view, readArrayHeader(view, 8, 8 + view.uint32(4)));
  }

  /** An array of numbers: by range where the file has it as it is in memory, else read and changed as a whole. */
  #array(view: MatlabBytes, header: MatlabArrayHeader, name: string): LazyValue {
    const { source, byteOrder, at, isCompressed } = this.#element;
    const dtype = numericTypeOf(header) ?? 'float64';
    const dueBytes = elementBytes(dtype, product(header.dims));
    const element = view.element(header.bodyAt, header.end);
    const isAsInMemory = storedTypes.get(element.type) === dtype && element.sizeBytes === dueBytes;
    const array = (open: LazyArrayDetails['open'], order: ByteOrder = byteOrder): LazyValue =>
      lazyArray({
        name,
        dtype,
        shape: header.dims,
        order: 'column-major',
        typeText: header.className,
        byteOrder: order,
        open,
      });
    if (!isAsInMemory)
      return array(async (signal) => {
        const value = readNumbers(this.#view(await this.#whole(signal), name), header);
        return bytesSource(bytesOfElements(dtype, value.data, hostByteOrder));
      }, hostByteOrder);
    if (!isCompressed) return array(() => sliceSource(source, at + element.start, dueBytes));
    return array(async (signal) =>
      bytesSource((await this.#whole(signal)).subarray(element.start, element.start + dueBytes)),
    );
  }
}

function kindOf(className: string): Value['kind'] {
  if (className === 'char') return 'text';
  if (className === 'cell' || className === 'struct' || className === 'sparse') return className;
  return 'opaque';
}

async function inflateZlib(
  inflate: Inflate,
  compressed: Uint8Array,
  { limitBytes, at }: { readonly limitBytes: number; readonly at: number },
): Promise<Uint8Array> {
  try {
    return await inflate(compressed, { encoding: 'zlib', limitBytes });
  } catch (error) {
    const reason = error instanceof Error ? `: ${error.message}` : '';
    throw matlabError(`a compressed variable cannot be inflated${reason}`, at);
  }
}
