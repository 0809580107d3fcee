import type { OpenSqlRegistryOptions } from '@holdfast/adapter-sql';
import type { DatabaseConfiguration } from '@holdfast/contracts';
import { StorageBackend } from '@holdfast/domain';
import { resolveSecret } from '../configuration/resolve-secret.ts';

/** What a configuration says about the registry's database, in the words of its adapter. */
export function registryOptions(database: DatabaseConfiguration): OpenSqlRegistryOptions {
  const { url, busyTimeoutMs, access, schema, poolSize, timeouts, credentials } = database;
  const password = credentials?.password;
  return {
    url,
    busyTimeoutMs,
    access,
    schema,
    poolSize,
    timeouts,
    ...(password === undefined
      ? {}
      : { password: () => resolveSecret(password, { backend: StorageBackend.Database }) }),
  };
}
