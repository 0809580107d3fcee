import type { AnyRecordDescriptor } from '@holdfast/domain';
import type { Migration } from './migrations.ts';
import { indexedFieldStatements } from './record-tables.ts';

/**
 * The two steps that index a field of records which are stored already. The first makes its column and index; the
 * second fills them in, some records a transaction, and is noted when all are: until then no program uses them.
 *
 * @param version That of the first step.
 */
export function indexField(
  version: number,
  descriptor: AnyRecordDescriptor,
  field: string,
): readonly [Migration, Migration] {
  const { kind, fields } = descriptor;
  const type = fields[field]?.type ?? 'text';
  const name = `${kind}-${field}`;
  return [
    { version, name, statements: indexedFieldStatements(kind, field, type) },
    { version: version + 1, name: `${name}-filled`, statements: [], fills: { descriptor, field } },
  ];
}
