import type { Page, RegistryRecord, RegistryRecordKind, Repositories } from '@holdfast/domain';
import type { Spool } from '@holdfast/storage';
import { batchSize } from './backup-layout.ts';
import { type BackupObject, backupObjectOf } from './backup-object.ts';
import { printJsonLine } from './json-lines.ts';

/** In an order in which they can be written again. Where objects lie is told with the objects. */
const kinds: readonly RegistryRecordKind[] = ['model', 'counter', 'version', 'references', 'alias'];

/** How much a registry holds. */
export interface DumpFacts {
  readonly counts: Readonly<Record<RegistryRecordKind, number>>;
  readonly objectCount: number;
  readonly objectBytes: number;
}

/** Writes everything that a registry holds into two spools, page by page. Run it inside a unit of work. */
export async function dumpRegistry(
  { archive }: Repositories,
  spools: { readonly records: Spool; readonly objects: Spool },
): Promise<DumpFacts> {
  const counts = { model: 0, counter: 0, version: 0, references: 0, alias: 0, location: 0 };
  for (const kind of kinds) {
    for await (const page of pages((query) => archive.list(kind, query))) {
      counts[kind] += page.length;
      for (const record of joined(page)) await spools.records.write(printJsonLine(record));
    }
  }
  let [objectCount, objectBytes] = [0, 0];
  for await (const page of pages((query) => archive.listNeeded(query))) {
    const objects: readonly BackupObject[] = page.map(backupObjectOf);
    objectCount += objects.length;
    objectBytes += objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    await spools.objects.write(objects.map(printJsonLine).join(''));
  }
  return { counts, objectCount, objectBytes };
}

async function* pages<T>(
  read: (query: { readonly limit: number; readonly after?: string }) => Promise<Page<T>>,
): AsyncIterable<readonly T[]> {
  let after: string | undefined;
  do {
    const page = await read({ limit: batchSize, ...(after === undefined ? {} : { after }) });
    yield page.items;
    after = page.next;
  } while (after !== undefined);
}

/** Joins the references of one version that follow each other. */
function joined(records: readonly RegistryRecord[]): readonly RegistryRecord[] {
  const joinedRecords: RegistryRecord[] = [];
  for (const record of records) {
    const last = joinedRecords.at(-1);
    if (record.kind === 'references' && last?.kind === 'references' && last.versionId === record.versionId) {
      joinedRecords[joinedRecords.length - 1] = { ...last, digests: [...last.digests, ...record.digests] };
    } else joinedRecords.push(record);
  }
  return joinedRecords;
}
