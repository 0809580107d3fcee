import type { Configuration } from '@holdfast/contracts';
import type { App, AppOptions } from './app.ts';

/**
 * Wires everything that a configuration describes. Nothing is opened yet.
 *
 * @throws StorageError `invalid-configuration` when `register` names a store or backend that there is already.
 */
export async function createApp(configuration: Configuration, options: AppOptions = {}): Promise<App> {
  const { wireApp } = await import('./wire-app.ts');
  return wireApp(configuration, options);
}
