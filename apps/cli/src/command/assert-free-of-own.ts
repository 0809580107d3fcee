import type { CommandContext } from './command-context.ts';

/**
 * Makes sure that a path to write to is no store, database or configuration of the project, and none of them is in it.
 *
 * @throws StorageError `permission-denied` when it is; ConfigurationError when the configuration cannot be used.
 */
export async function assertFreeOfOwn(
  path: string,
  { loadConfiguration }: Pick<CommandContext, 'loadConfiguration'>,
): Promise<void> {
  const { configuration, file } = await loadConfiguration();
  const { localPlaces } = await import('@holdfast/composition');
  const { OwnPlaces } = await import('@holdfast/registry');
  const own = await OwnPlaces.resolve(localPlaces(configuration));
  await own.assertNoTarget(path, file === undefined ? [] : [file]);
}
