/** A set of operators that a model uses. */
export interface OnnxOperatorSet {
  /** Empty for ONNX's own. */
  readonly domain: string;
  readonly version: number;
}

/** A tensor with its data. */
export interface OnnxInitializer {
  readonly name: string;
  /** In common words, such as `float32` or `int64`; not `string`. */
  readonly elementType: string;
  readonly shape: readonly number[];
  /** Little-endian, row-major, exactly as long as the shape needs. */
  readonly data: Uint8Array;
}

/** An input or output of a graph: a tensor. */
export interface OnnxValue {
  readonly name: string;
  /** In common words, such as `float32` or `int64`. */
  readonly elementType: string;
  /** A number, or the name of an extent that is known only when the model runs. */
  readonly shape: readonly (number | string)[];
}

/** The value of an attribute, with the kind that ONNX stores it as. */
export type OnnxAttribute =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'integer'; readonly value: number | bigint }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: OnnxInitializer }
  | { readonly kind: 'graph'; readonly value: OnnxGraph }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'integers'; readonly value: readonly (number | bigint)[] }
  | { readonly kind: 'texts'; readonly value: readonly string[] };

/** One operation. */
export interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly name?: string;
  /** @default ONNX's own operators */
  readonly domain?: string;
  readonly attributes?: { readonly [name: string]: OnnxAttribute };
}

/** Operations in an order in which they can run, with what they start from and end in. */
export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly initializers?: readonly OnnxInitializer[];
}

/** A model to write. */
export interface OnnxModel {
  readonly graph: OnnxGraph;
  readonly operatorSets: readonly OnnxOperatorSet[];
  /** @default 8 */
  readonly irVersion?: number;
  /** @default "holdfast" */
  readonly producerName?: string;
  readonly producerVersion?: string;
  readonly modelVersion?: number;
  readonly metadata?: { readonly [key: string]: string };
}
