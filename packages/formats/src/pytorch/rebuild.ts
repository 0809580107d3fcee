import type { TorchValue } from './torch-value.ts';

/** What a function of the allow-list may do beside its arguments. */
export interface RebuildContext {
  /** Of the opcode, for errors. */
  readonly at: number;
  readonly limitBytes: number;
  /** Calls another name of the allow-list. */
  readonly call: (name: TorchValue, given: readonly TorchValue[]) => TorchValue;
  /** What to do when the state of an object comes. */
  readonly onBuild: (object: object, build: (state: TorchValue, at: number) => void) => void;
}

/** What a name of Python means here. */
export type Rebuild = (given: readonly TorchValue[], context: RebuildContext) => TorchValue;
