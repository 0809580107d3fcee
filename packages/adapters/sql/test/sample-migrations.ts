import { sampleRecords } from '@holdfast/conformance';
import { type Migration, migrations } from '../src/schema/migrations.ts';
import { recordTableStatements } from '../src/schema/record-tables.ts';

/** This program's steps, and one that makes the table of the kit's records. */
export const sampleMigrations: readonly Migration[] = [
  ...migrations,
  {
    version: migrations.length + 1,
    name: 'samples',
    statements: recordTableStatements({
      kind: sampleRecords.kind,
      fields: { title: 'text', score: 'number', size: 'integer', group: 'text' },
      unique: [['title'], ['group', 'size']],
    }),
  },
];
