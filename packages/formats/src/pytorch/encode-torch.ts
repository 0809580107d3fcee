import { InvalidValueError } from '@holdfast/domain';
import { PickleWriter } from '../pickle/pickle-writer.ts';
import { concatenateBytes } from '../source/concatenate-bytes.ts';
import { checkLazyArray } from '../value/check-lazy-value.ts';
import { checkValue, deepestNesting } from '../value/check-value.ts';
import { bytesOfElements, elementBytes } from '../value/element-bytes.ts';
import { type ElementData, elementLayout } from '../value/element-type.ts';
import { product } from '../value/lazy-array.ts';
import type { LazyArray } from '../value/lazy-value.ts';
import type { NumericArray } from '../value/value.ts';
import { whatIs } from '../what-is.ts';
import { ZipWriter } from '../zip/zip-writer.ts';
import { storageClassOf, torchTypeOf } from './torch-types.ts';

/** What can be written for torch: tensors, and plain values around them. Objects and maps become dictionaries, arrays lists. */
export type TorchContentValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | NumericArray
  | LazyArray
  | readonly TorchContentValue[]
  | ReadonlyMap<string | number, TorchContentValue>
  | { readonly [key: string]: TorchContentValue };

const alignmentBytes = 64;
const archiveName = 'archive';

type Tensor = NumericArray | LazyArray;

/**
 * Writes a file that `torch.load(weights_only=True)` reads: a state dict or a checkpoint, in the zip form of torch 1.6 and
 * later. The same content gives the same bytes. Tensors with the same `data` share one storage.
 *
 * @throws InvalidValueError for an element type that torch does not have, and for other values.
 * @see https://pytorch.org/docs/stable/notes/serialization.html for the form
 */
export function encodeTorch(value: Exclude<TorchContentValue, LazyArray>): Uint8Array {
  const plan = planTorch(value);
  const zip = new ZipWriter();
  const pieces = plan.heads.flatMap((member) => zip.add(member));
  for (const [index, tensor] of plan.tensors.entries()) {
    if (!('data' in tensor))
      throw refusal('tensor', tensor.name, 'is yet to be read: write it with torchPieces');
    pieces.push(...zip.add(storageMember(index, tensor)));
  }
  return concatenateBytes([...pieces, ...zip.add(versionMember()), zip.finish()]);
}

/**
 * The pieces of the same file in order, each tensor read when its turn comes, so that only one is in memory.
 *
 * @throws InvalidValueError as {@link encodeTorch} does.
 */
export async function* torchPieces(
  value: TorchContentValue,
  options: { readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<Uint8Array> {
  const plan = planTorch(value);
  const zip = new ZipWriter();
  for (const member of plan.heads) yield* zip.add(member);
  for (const [index, tensor] of plan.tensors.entries()) {
    const array = 'data' in tensor ? tensor : await tensor.read({ signal: options.signal });
    yield* zip.add(storageMember(index, array));
  }
  yield* zip.add(versionMember());
  yield zip.finish();
}

interface Member {
  readonly path: string;
  readonly pieces: readonly Uint8Array[];
  readonly alignmentBytes: number;
}

/** The members before the storages, and the tensors whose storages follow, one for each `data`. */
function planTorch(value: TorchContentValue): {
  readonly heads: readonly Member[];
  readonly tensors: readonly Tensor[];
} {
  const planner = new TorchPlanner();
  planner.write(value, 'value', 0);
  const heads = [archiveMember('data.pkl', planner.pickle.finish()), textMember('byteorder', 'little')];
  return { heads, tensors: planner.tensors };
}

function storageMember(index: number, { dtype, data }: NumericArray): Member {
  return archiveMember(`data/${index}`, bytesOfElements(dtype, data, 'little'));
}

function versionMember(): Member {
  return textMember('version', '3\n');
}

function textMember(name: string, text: string): Member {
  return archiveMember(name, new TextEncoder().encode(text));
}

function archiveMember(name: string, content: Uint8Array): Member {
  return { path: `${archiveName}/${name}`, pieces: [content], alignmentBytes };
}

class TorchPlanner {
  readonly pickle: PickleWriter = new PickleWriter();
  readonly tensors: Tensor[] = [];
  readonly #storages = new Map<ElementData | LazyArray, number>();

  write(value: TorchContentValue, path: string, depth: number): void {
    if (depth > deepestNesting)
      throw refusal(path, '', `is nested deeper than ${deepestNesting} levels, or holds itself`);
    if (value === null) this.pickle.null();
    else if (typeof value === 'boolean') this.pickle.boolean(value);
    else if (typeof value === 'number') this.pickle.number(value);
    else if (typeof value === 'bigint') this.pickle.integer(value);
    else if (typeof value === 'string') this.pickle.text(value);
    else if (typeof value !== 'object')
      throw refusal(path, value, 'must be a tensor, a plain value, or a list or dictionary of such');
    else if (value instanceof Uint8Array) this.pickle.bytes(value);
    else if (Array.isArray(value)) {
      const items = (value as readonly TorchContentValue[]).entries();
      this.pickle.list(items, ([index, item]) => this.write(item, `${path}.${index}`, depth + 1));
    } else if (isTensor(value, path)) this.#tensor(value, path);
    else this.#entries(value, path, depth);
  }

  #entries(value: object, path: string, depth: number): void {
    const isPlain =
      value instanceof Map ||
      [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
    if (!isPlain) throw refusal(path, value, 'is an object of a class, which is not written');
    const entries = value instanceof Map ? value.entries() : Object.entries(value);
    this.pickle.dictionary(entries as Iterable<[string | number, TorchContentValue]>, ([key, item]) => {
      if (typeof key !== 'string' && typeof key !== 'number')
        throw refusal(`a key of ${path}`, key, 'must be a text or a number');
      this.write(key, `${path}.${key}`, depth + 1);
      this.write(item, `${path}.${key}`, depth + 1);
    });
  }

  #tensor(tensor: Tensor, path: string): void {
    const { dtype, shape } = tensor;
    const typeName = torchTypeOf(dtype);
    if (typeName === undefined || elementLayout(dtype).lanes === 0)
      throw refusal(path, dtype, 'is a type that torch does not have');
    const storageClass = storageClassOf(dtype);
    const count = product(shape);
    const key = this.#storageKey(tensor);
    this.pickle.global(
      'torch._utils',
      storageClass === undefined ? '_rebuild_tensor_v3' : '_rebuild_tensor_v2',
    );
    this.pickle.tuple(() => {
      this.pickle.tuple(() => {
        this.pickle.text('storage');
        if (storageClass === undefined) this.pickle.global('torch.storage', 'UntypedStorage');
        else this.pickle.global('torch', storageClass);
        this.pickle
          .text(String(key))
          .text('cpu')
          .number(storageClass === undefined ? elementBytes(dtype, count) : count);
      });
      this.pickle.persistent().number(0);
      for (const numbers of [shape, stridesOf(tensor)])
        this.pickle.tuple(() => numbers.forEach((number) => this.pickle.number(number)));
      this.pickle
        .boolean(false)
        .global('collections', 'OrderedDict')
        .tuple(() => {})
        .call();
      if (storageClass === undefined) this.pickle.global('torch', typeName);
    });
    this.pickle.call();
  }

  #storageKey(tensor: Tensor): number {
    const identity = 'data' in tensor ? tensor.data : tensor;
    const known = this.#storages.get(identity);
    if (known !== undefined) return known;
    this.tensors.push(tensor);
    this.#storages.set(identity, this.tensors.length - 1);
    return this.tensors.length - 1;
  }
}

/** Column-major arrays are written as they are: their strides say so. */
function stridesOf({ shape, order }: Tensor): number[] {
  return shape.map((_, dimension) =>
    order === 'row-major' ? product(shape.slice(dimension + 1)) : product(shape.slice(0, dimension)),
  );
}

function isTensor(value: object, path: string): value is Tensor {
  if (!('kind' in value && value.kind === 'numeric' && 'dtype' in value && 'shape' in value)) return false;
  if ('data' in value) checkValue(value, path);
  else checkLazyArray(value, path);
  return true;
}

function refusal(field: string, value: unknown, reason: string): InvalidValueError {
  return new InvalidValueError({ field, value: whatIs(value), reason });
}
