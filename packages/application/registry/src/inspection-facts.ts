import type { ModelSignature, TensorSpecification } from '@holdfast/domain';
import type { FormatInspection, ModelValue } from '@holdfast/formats';

/** A version's record is bounded; the list of the inspection has the values of a longer signature. */
const longestSignatureCharacters = 1_048_576;

/** The signature that an inspection tells, where it tells inputs or outputs. */
export function signatureOf(inspection: FormatInspection): ModelSignature | undefined {
  if (inspection.inputs === undefined && inspection.outputs === undefined) return undefined;
  const required = (inspection.inputs ?? []).filter((input) => input.hasDefault !== true);
  const signature = {
    inputs: required.map(toSpecification),
    outputs: (inspection.outputs ?? []).map(toSpecification),
  };
  return JSON.stringify(signature).length > longestSignatureCharacters ? undefined : signature;
}

function toSpecification(value: ModelValue): TensorSpecification {
  return { name: value.name, elementType: value.elementType ?? value.type, shape: value.shape ?? [] };
}
