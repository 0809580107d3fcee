import { RegistryErrors } from '@holdfast/adapter-kit';
import { StorageBackend } from '@holdfast/domain';

/** The errors of a registry in a database. */
export const registryErrors: RegistryErrors = new RegistryErrors(StorageBackend.Database);
