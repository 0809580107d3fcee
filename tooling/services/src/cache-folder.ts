import { join } from 'node:path';

/** Where everything that the tests install lies: in the repository, ignored by git. */
export const cacheFolder: string = join(import.meta.dirname, '..', '..', '..', '.cache');
