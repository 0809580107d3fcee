import type { Configuration } from '@holdfast/contracts';
import type { LoadedConfiguration } from './loaded-configuration.ts';
import type { Project } from './project.ts';

/**
 * The configuration of a project that says nothing. It is known to be valid, so that nobody who says nothing
 * waits for the schema to load.
 */
export function defaultConfiguration({ storeRoot, databaseFile, userFolder }: Project): LoadedConfiguration {
  const configuration: Configuration = {
    version: 1,
    stores: {
      default: {
        backend: 'local_filesystem',
        root: storeRoot,
        layout: 'store',
        createIfMissing: true,
        durability: 'full',
        inlineLimitBytes: 16_384,
        busyTimeoutMs: 30_000,
      },
    },
    defaultStore: 'default',
    database: { url: `sqlite:${databaseFile}`, busyTimeoutMs: 10_000 },
  };
  const fields = Object.keys(configuration.stores['default'] ?? {}).map((field) => `stores.default.${field}`);
  const paths = ['version', ...fields, 'defaultStore', 'database.url', 'database.busyTimeoutMs'];
  return {
    configuration,
    sources: Object.fromEntries(paths.map((path) => [path, 'default'])),
    ...(userFolder === undefined ? {} : { userFolder }),
    ignoredVariables: [],
  };
}
