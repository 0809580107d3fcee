/** A value that a pickle states outright. */
export type PickleScalar = null | boolean | number | bigint | string | Uint8Array;

/** The kinds of collections that opcodes make. */
export type PickleCollection = 'list' | 'tuple' | 'dict' | 'set' | 'frozenset';

/**
 * What the opcodes of a pickle mean. The machine keeps the stack and the memo; a handler decides what is on them. Whatever a
 * handler throws ends the run.
 */
export interface PickleMeaning<V> {
  scalar(value: PickleScalar): V;
  /** A float, where it must be distinguished from an integer. @default scalar */
  float?(value: number): V;
  /** A collection of items; of a dict they are keys and values in turn. */
  collection(kind: PickleCollection, items: readonly V[]): V;
  /** Adds items to a list or set; `isPairs` for keys and values in turn. */
  extend(target: V, items: readonly V[], isPairs: boolean): void;
  /** Something to import, by the names of its module and itself. */
  global(module: V, name: V, at: number): V;
  /** The result of calling something, or of making an object of it. */
  call(callable: V, given: readonly V[], at: number): V;
  /** Sets the state of an object; gives what takes its place. */
  build(object: V, state: V, at: number): V;
  /** An object that the file refers to and keeps elsewhere. */
  persistent(id: V, at: number): V;
  /** An object that the program registered under a number. */
  extension(code: number, at: number): V;
  /** A value that was never stored in the memo; `undefined` refuses it. */
  unknown(index: number): V | undefined;
  /** Asked after each opcode: whether to end. */
  isInterrupted?(): boolean;
  /** The items of a tuple, for the opcodes whose arguments come as one. */
  itemsOf(tuple: V): readonly V[] | undefined;
}
