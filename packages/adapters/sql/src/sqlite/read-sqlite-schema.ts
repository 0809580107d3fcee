import { DatabaseSync } from 'node:sqlite';
import { ledgerStatement, type SchemaHistory } from '../schema/schema-history.ts';

/** The tables and indexes of a database: name to the statement that made it. */
export function readSqliteSchema(database: DatabaseSync): ReadonlyMap<string, string> {
  const rows = database
    .prepare("select name, sql from sqlite_schema where name not like 'sqlite\\_%' escape '\\'")
    .all();
  return new Map(rows.map((row) => [String(row['name']), String(row['sql'])]));
}

/** The schema that a new database gets. */
export function expectedSqliteSchema(history: SchemaHistory): ReadonlyMap<string, string> {
  const database = new DatabaseSync(':memory:');
  try {
    database.exec(ledgerStatement(history));
    for (const migration of history.migrations) {
      for (const statement of migration.statements) database.exec(statement);
    }
    return readSqliteSchema(database);
  } finally {
    database.close();
  }
}

/** The names that are in one schema only, or made by different statements. */
export function differingNames(
  actual: ReadonlyMap<string, string>,
  expected: ReadonlyMap<string, string>,
): readonly string[] {
  const names = new Set([...actual.keys(), ...expected.keys()]);
  return [...names].filter((name) => actual.get(name) !== expected.get(name)).toSorted();
}
