import type { AliasMove } from '@holdfast/domain';
import type { AliasMoveTable } from '../schema/registry-schema.ts';

/** A row as a move of its alias. */
export function moveOfRow(row: AliasMoveTable): Omit<AliasMove, 'modelId' | 'name'> {
  return {
    ...(row.from_number === null ? {} : { from: row.from_number }),
    ...(row.to_number === null ? {} : { to: row.to_number }),
    at: row.at,
    ...(row.by_actor === null ? {} : { by: row.by_actor }),
  };
}
