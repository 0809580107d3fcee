import type { Repositories } from '@holdfast/domain';
import { SqlRecordCollection } from '../records/sql-record-collection.ts';
import { SqlSeriesCollection } from '../records/sql-series-collection.ts';
import type { SqlSession } from '../session/sql-session.ts';
import { SqlAliasRepository } from './sql-alias-repository.ts';
import { SqlManifestLedger } from './sql-manifest-ledger.ts';
import { SqlModelRepository } from './sql-model-repository.ts';
import { SqlModelVersionRepository } from './sql-model-version-repository.ts';
import { SqlObjectLedger } from './sql-object-ledger.ts';
import { SqlRegistryArchive } from './sql-registry-archive.ts';
import { SqlRegistryFence } from './sql-registry-fence.ts';

/** The repositories of a session. */
export function createSqlRepositories(session: SqlSession): Repositories {
  return {
    models: new SqlModelRepository(session),
    versions: new SqlModelVersionRepository(session),
    aliases: new SqlAliasRepository(session),
    objects: new SqlObjectLedger(session),
    archive: new SqlRegistryArchive(session),
    manifests: new SqlManifestLedger(session),
    fence: new SqlRegistryFence(session),
    records: { of: (descriptor) => new SqlRecordCollection(session, descriptor) },
    series: { of: (descriptor) => new SqlSeriesCollection(session, descriptor) },
  };
}
