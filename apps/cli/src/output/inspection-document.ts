import type { JsonObject, JsonValue } from '@holdfast/domain';

/** What the registry keeps of an inspection, as far as people are shown it. */
export interface InspectionDocument {
  readonly summary?: JsonObject;
  readonly evidence?: readonly string[];
  readonly inputs?: readonly InspectedValue[];
  readonly outputs?: readonly InspectedValue[];
  readonly tensors?: readonly InspectedTensor[];
  readonly variables?: readonly InspectedVariable[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly members?: readonly InspectedMember[];
  /** How many entries each list has of which this has the beginning. */
  readonly cut?: Readonly<Record<string, number>>;
  readonly warnings?: readonly { readonly code: string; readonly message: string }[];
  readonly scan?: { readonly verdict: string; readonly reason: string };
}

export interface InspectedValue {
  readonly name: string;
  readonly type: string;
  readonly elementType?: string;
  readonly shape?: readonly (number | string | null)[];
  /** Whether the file has a value for it, which a caller may replace. */
  readonly hasDefault?: boolean;
}

/** A variable of a MATLAB file, and what is in it. */
export interface InspectedVariable {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
  readonly sizeBytes?: number;
  readonly children?: readonly InspectedVariable[];
}

export interface InspectedMember {
  readonly path: string;
  readonly sizeBytes: number;
  readonly format?: string;
}

export interface InspectedTensor {
  readonly name: string;
  readonly dtype: string;
  readonly elementType?: string;
  readonly shape: readonly number[];
  readonly strides?: readonly number[];
  readonly sizeBytes?: number;
}

/** Reads the document that a version carries; it is ours, and older ones may lack what newer ones have. */
export function toInspectionDocument(value: JsonValue | undefined): InspectionDocument {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as InspectionDocument)
    : {};
}
