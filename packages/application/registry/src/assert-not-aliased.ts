import type { ModelVersion, Repositories } from '@holdfast/domain';
import { forbidden } from './registry-error.ts';

/**
 * Checks, inside a transaction, that no alias points to a version.
 *
 * @param outcome What is to become of the version, such as `removed`.
 * @throws StorageError `permission-denied` naming the aliases.
 */
export async function assertNotAliased(
  repositories: Repositories,
  version: ModelVersion,
  outcome: string,
): Promise<void> {
  const aliases = await repositories.aliases.findByVersion(version.modelId, version.number);
  if (aliases.length === 0) return;
  const names = aliases.map(({ name }) => name).join(', ');
  throw forbidden(
    `${version.modelName}:${version.number} cannot be ${outcome}: the alias ${names} points to it.`,
    `Move or remove it first: holdfast alias ${version.modelName} ${aliases[0]?.name} --remove`,
  );
}
