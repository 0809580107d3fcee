import type { Configuration } from '@holdfast/contracts';
import type { App, AppOptions } from './app.ts';

/**
 * Wires everything that a configuration describes. Nothing is opened yet.
 *
 * @throws StorageError `invalid-configuration` when `register` names a store or backend that there is already.
 */
export async function createApp(configuration: Configuration, options: AppOptions = {}): Promise<App> {
  // tsyringe looks for it while it is loaded, though nothing here needs reflection.
  await import('reflect-metadata/lite');
  const { wireApp } = await import('./wire-app.ts');
  return wireApp(configuration, options);
}
