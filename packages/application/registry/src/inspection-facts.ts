import type { JsonObject, ModelSignature, TensorSpecification } from '@holdfast/domain';
import type { FormatInspection, ModelValue } from '@holdfast/formats';

/** The signature that an inspection tells, where it tells inputs or outputs. */
export function signatureOf(inspection: FormatInspection): ModelSignature | undefined {
  if (inspection.inputs === undefined && inspection.outputs === undefined) return undefined;
  const required = (inspection.inputs ?? []).filter((input) => input.hasDefault !== true);
  return { inputs: required.map(toSpecification), outputs: (inspection.outputs ?? []).map(toSpecification) };
}

/** An inspection as the plain document that a version keeps. */
export function toDocument(inspection: FormatInspection): JsonObject {
  return JSON.parse(JSON.stringify(inspection)) as JsonObject;
}

function toSpecification(value: ModelValue): TensorSpecification {
  return { name: value.name, elementType: value.elementType ?? value.type, shape: value.shape ?? [] };
}
