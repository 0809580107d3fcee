import type { JsonObject, JsonValue } from '@holdfast/domain';
import type {
  InspectionWarning,
  MemberDescription,
  ModelValue,
  TensorDescription,
  VariableDescription,
} from '@holdfast/formats';

/** What the registry keeps of an inspection, as far as people are shown it. */
export interface InspectionDocument {
  readonly summary?: JsonObject;
  readonly evidence?: readonly string[];
  readonly inputs?: readonly ModelValue[];
  readonly outputs?: readonly ModelValue[];
  readonly tensors?: readonly TensorDescription[];
  readonly variables?: readonly VariableDescription[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly members?: readonly MemberDescription[];
  /** How many entries each list has of which this has the beginning. */
  readonly cut?: Readonly<Record<string, number>>;
  readonly warnings?: readonly InspectionWarning[];
  readonly scan?: { readonly verdict: string; readonly reason: string };
}

/** Reads the document that a version carries; it is ours, and older ones may lack what newer ones have. */
export function toInspectionDocument(value: JsonValue | undefined): InspectionDocument {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as InspectionDocument)
    : {};
}
