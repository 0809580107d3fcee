import {
  type Page,
  type ReferenceOwner,
  type RegistryRecord,
  type RegistryRecordKind,
  type Repositories,
  registryRecordKinds,
} from '@holdfast/domain';
import type { Spool } from '@holdfast/storage';
import { batchSize } from './backup-layout.ts';
import { type BackupObject, backupObjectOf } from './backup-object.ts';
import { printJsonLine } from './json-lines.ts';

/** Where objects are stored is written with the objects. */
const kinds = registryRecordKinds.filter((kind) => kind !== 'location');

/** How much a registry holds. */
export interface DumpFacts {
  readonly counts: Readonly<Record<RegistryRecordKind, number>>;
  /** How many records there are of each kind that has some. */
  readonly recordCounts: Readonly<Record<string, number>>;
  readonly objectCount: number;
  readonly objectBytes: number;
}

/** Writes everything that a registry holds into two spools, page by page. Run it inside a unit of work. */
export async function dumpRegistry(
  { archive }: Repositories,
  spools: { readonly records: Spool; readonly objects: Spool },
): Promise<DumpFacts> {
  const counts = Object.fromEntries(registryRecordKinds.map((kind) => [kind, 0])) as Record<
    RegistryRecordKind,
    number
  >;
  const recordCounts: Record<string, number> = {};
  for (const kind of kinds) {
    for await (const page of pages((query) => archive.list(kind, query))) {
      counts[kind] += page.length;
      for (const record of joined(page)) {
        if (record.kind === 'record') recordCounts[record.of] = (recordCounts[record.of] ?? 0) + 1;
        await spools.records.write(printJsonLine(record));
      }
    }
  }
  let [objectCount, objectBytes] = [0, 0];
  for await (const page of pages((query) => archive.listNeeded(query))) {
    const objects: readonly BackupObject[] = page.map(backupObjectOf);
    objectCount += objects.length;
    objectBytes += objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    await spools.objects.write(objects.map(printJsonLine).join(''));
  }
  return { counts, recordCounts, objectCount, objectBytes };
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

/** Joins the references of one owner that follow each other. */
function joined(records: readonly RegistryRecord[]): readonly RegistryRecord[] {
  const joinedRecords: RegistryRecord[] = [];
  for (const record of records) {
    const last = joinedRecords.at(-1);
    if (record.kind === 'references' && last?.kind === 'references' && isSameOwner(last, record)) {
      joinedRecords[joinedRecords.length - 1] = { ...last, digests: [...last.digests, ...record.digests] };
    } else joinedRecords.push(record);
  }
  return joinedRecords;
}

function isSameOwner(
  { owner: a }: { readonly owner: ReferenceOwner },
  { owner: b }: { readonly owner: ReferenceOwner },
): boolean {
  return a.kind === b.kind && a.id === b.id;
}
