import { type ReferenceOwner, recordDescriptors } from '@holdfast/domain';
import type { AffectedRecord } from './verified-object.ts';

/** A record by its owner of references, as people call it. */
export function affectedRecord({ kind, id }: ReferenceOwner, part: AffectedRecord['part']): AffectedRecord {
  const noun = recordDescriptors.find((one) => one.kind === kind)?.noun ?? kind;
  return { reference: `${noun} ${id}`, kind, id, part };
}
