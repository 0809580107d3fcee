/** One input or output of a model. */
export interface TensorSpecification {
  readonly name: string;
  /** Element type in lower case, such as `float32`. */
  readonly elementType: string;
  /** A number where the size is fixed, a name where it is free, `null` where nothing is said. */
  readonly shape: readonly (number | string | null)[];
}

/** What a model takes and gives, as far as its file says. */
export interface ModelSignature {
  readonly inputs: readonly TensorSpecification[];
  readonly outputs: readonly TensorSpecification[];
}
