import { join } from 'node:path';

/**
 * Where everything that the tests install is stored: in the repository, ignored by git. `HOLDFAST_TEST_CACHE` names
 * another folder, so that several work trees of one machine can share one installation.
 */
export const cacheFolder: string =
  process.env['HOLDFAST_TEST_CACHE'] ?? join(import.meta.dirname, '..', '..', '..', '.cache');
