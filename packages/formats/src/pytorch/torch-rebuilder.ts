import type { FormatError } from '../format-error.ts';
import type { PickleCollection, PickleMeaning, PickleScalar } from '../pickle/pickle-meaning.ts';
import { allowedGlobals } from './allowed-globals.ts';
import type { Rebuild } from './rebuild.ts';
import { torchError, torchUnsupported } from './torch-error.ts';
import { storageTypes, torchTypes } from './torch-types.ts';
import type { TorchObject, TorchValue } from './torch-value.ts';

const namedConstants: ReadonlySet<string> = new Set([
  'strided',
  'Tensor',
  'contiguous_format',
  'channels_last',
  'preserve_format',
]);

/** What a pickle is rebuilt with. */
export interface TorchRebuilderOptions {
  /** Whether names outside of the allow-list are kept as opaque values rather than refused. */
  readonly keepsUnknown: boolean;
  /** Whether floats are scalar arrays, which tells them from integers. */
  readonly keepsFloats: boolean | undefined;
  readonly limitBytes: number;
  /** What a persistent id refers to. */
  readonly persistent: (id: TorchValue, at: number) => TorchValue;
}

/** A name that the pickle imports, with what its call makes. */
class ImportedGlobal implements TorchObject {
  readonly kind = 'opaque';
  readonly type = 'global';
  readonly given: readonly TorchValue[] = [];
  readonly className: string;
  readonly rebuild: Rebuild | undefined;

  constructor(className: string, rebuild: Rebuild | undefined) {
    this.className = className;
    this.rebuild = rebuild;
  }
}

/** An object of a class that is not known: what it was made of is kept. */
interface OpaqueObject extends TorchObject {
  state: TorchValue | undefined;
}

/**
 * Rebuilds tensors and plain containers from a pickle. What it may call is an allow-list of functions written here; nothing of
 * Python is run.
 */
export class TorchRebuilder implements PickleMeaning<TorchValue> {
  readonly #options: TorchRebuilderOptions;
  readonly #globals = new Map<string, ImportedGlobal>();
  readonly #builders = new WeakMap<object, (state: TorchValue, at: number) => void>();

  constructor(options: TorchRebuilderOptions) {
    this.#options = options;
  }

  /** The names that the pickle imports, in order. */
  get globals(): readonly string[] {
    return [...this.#globals.keys()];
  }

  scalar(value: PickleScalar): TorchValue {
    return value;
  }

  float(value: number): TorchValue {
    if (this.#options.keepsFloats !== true) return value;
    return { kind: 'numeric', dtype: 'float64', shape: [], order: 'row-major', data: Float64Array.of(value) };
  }

  collection(kind: PickleCollection, items: readonly TorchValue[]): TorchValue {
    if (kind === 'dict') return new Map(pairsOf(items));
    return kind === 'set' || kind === 'frozenset' ? new Set(items) : [...items];
  }

  extend(target: TorchValue, items: readonly TorchValue[], isPairs: boolean): void {
    if (isPairs && target instanceof Map) {
      for (const [key, value] of pairsOf(items)) target.set(key, value);
    } else if (!isPairs && Array.isArray(target)) for (const item of items) target.push(item);
    else if (!isPairs && target instanceof Set) for (const item of items) target.add(item);
    else if (!this.#isOpaque(target))
      throw torchError('the pickle adds items to something that takes none', 0);
  }

  global(module: TorchValue, name: TorchValue, at: number): TorchValue {
    if (typeof module !== 'string' || typeof name !== 'string')
      throw torchError('the pickle imports something by a name that is not a text', at);
    const dotted = `${module}.${name}`;
    const known = this.#globals.get(dotted);
    if (known !== undefined) return known;
    const rebuild = allowedGlobals.get(dotted);
    const isKnown = rebuild !== undefined || isStorageClass(module, name) || isNamedConstant(module, name);
    if (!isKnown && !this.#options.keepsUnknown) throw refusedGlobal(dotted, at);
    const found = new ImportedGlobal(dotted, rebuild);
    this.#globals.set(dotted, found);
    return found;
  }

  call(callable: TorchValue, given: readonly TorchValue[], at: number): TorchValue {
    if (!(callable instanceof ImportedGlobal))
      throw torchError('the pickle calls something that is not a name', at);
    if (callable.rebuild === undefined) return this.#opaque(callable.className, given);
    return callable.rebuild(given, {
      at,
      limitBytes: this.#options.limitBytes,
      call: (name, rest) => this.call(name, rest, at),
      onBuild: (object, build) => void this.#builders.set(object, build),
    });
  }

  build(object: TorchValue, state: TorchValue, at: number): TorchValue {
    if (typeof object === 'object' && object !== null) this.#builders.get(object)?.(state, at);
    return object;
  }

  #opaque(className: string, given: readonly TorchValue[]): OpaqueObject {
    const object: OpaqueObject = { kind: 'opaque', type: 'object', className, given, state: undefined };
    this.#builders.set(object, (state) => void (object.state = state));
    return object;
  }

  #isOpaque(value: TorchValue): boolean {
    return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'opaque';
  }

  persistent(id: TorchValue, at: number): TorchValue {
    return this.#options.persistent(id, at);
  }

  extension(code: number, at: number): TorchValue {
    throw torchUnsupported(`the pickle refers to extension ${code} of a program`, at);
  }

  unknown(_index: number): undefined {
    return undefined;
  }

  itemsOf(tuple: TorchValue): readonly TorchValue[] | undefined {
    return Array.isArray(tuple) ? (tuple as TorchValue[]) : undefined;
  }
}

function pairsOf(items: readonly TorchValue[]): [TorchValue, TorchValue][] {
  return Array.from({ length: Math.floor(items.length / 2) }, (_, pair) => [
    items[2 * pair] ?? null,
    items[2 * pair + 1] ?? null,
  ]);
}

/** Storage classes only name a type: nothing is made by calling them. */
function isStorageClass(module: string, name: string): boolean {
  return /^torch(?:\.cuda|\.storage)?$/.test(module) && (storageTypes.has(name) || name === 'TypedStorage');
}

/** Names that stand for themselves: element types, layouts, memory formats, and the class of plain tensors. */
function isNamedConstant(module: string, name: string): boolean {
  if (module === 'torch')
    return torchTypes.has(name) || namedConstants.has(name) || /^[A-Z]\w*Tensor$/.test(name);
  return module === 'torch.nn.parameter' && name === 'Parameter';
}

function refusedGlobal(name: string, at: number): FormatError {
  const reason = `the pickle imports ${name}, which is not in the list of what is rebuilt`;
  const hint =
    "Nothing was run. To see the rest, keep such names as opaque values (unknownGlobals: 'keep'); to share the file, save its state_dict alone.";
  return torchUnsupported(reason, at, hint);
}
