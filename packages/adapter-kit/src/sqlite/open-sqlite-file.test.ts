import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StorageBackend } from '@holdfast/domain';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findFolderMedium, mediumOfType, networkFileSystems } from './find-folder-medium.ts';
import { FolderMedium } from './folder-medium.ts';
import { hostIdentity } from './host-identity.ts';
import { openSqliteFile } from './open-sqlite-file.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-sqlite-'));
  path = join(folder, 'a.db');
});

afterEach(() => rmSync(folder, { recursive: true }));

async function openIn(
  medium: FolderMedium | undefined,
): Promise<{ journal: unknown; areCommitsSynced: boolean }> {
  const opened = await openSqliteFile(path, {
    access: 'read-write',
    medium,
    backend: StorageBackend.Database,
    busyTimeoutMs: 100,
    areCommitsSynced: false,
  });
  using file = opened.file;
  file.database.exec('create table if not exists t (a integer) strict');
  const answer = file.database.prepare('pragma journal_mode').get();
  return { journal: answer?.['journal_mode'], areCommitsSynced: opened.areCommitsSynced };
}

const recordForeign = (): void =>
  writeFileSync(`${path}-host`, JSON.stringify({ id: 'f00d', name: 'gpu-1' }));

describe('openSqliteFile', () => {
  test('keeps a log on a local disk, and records no host', async () => {
    expect(await openIn(FolderMedium.Local)).toEqual({ journal: 'wal', areCommitsSynced: false });
    expect(readdirSync(folder)).toEqual(['a.db']);
  });

  test('keeps a synced rollback journal in a network folder, which belongs to the first host', async () => {
    expect(await openIn(FolderMedium.Network)).toEqual({ journal: 'truncate', areCommitsSynced: true });
    expect(JSON.parse(readFileSync(`${path}-host`, 'utf8'))).toEqual(hostIdentity());
    expect(readdirSync(folder).toSorted()).toEqual(['a.db', 'a.db-host', 'a.db-journal']);
    expect(await openIn(FolderMedium.Network)).toMatchObject({ journal: 'truncate' });
  });

  test('turns the log of a database that came from a local disk into a journal', async () => {
    await openIn(FolderMedium.Local);
    expect(await openIn(FolderMedium.Network)).toMatchObject({ journal: 'truncate' });
  });

  test('refuses another host, on the machine that serves the folder too, and says what to do', async () => {
    recordForeign();
    for (const medium of [FolderMedium.Network, FolderMedium.Local]) {
      const refused = openIn(medium);
      await expect(refused).rejects.toMatchObject({ code: 'locked', retry: 'never' });
      await expect(refused).rejects.toThrow(/gpu-1/);
      await expect(refused).rejects.toMatchObject({ hint: expect.stringMatching(/[Bb]ucket.*a\.db-host/s) });
    }
    expect(readdirSync(folder)).toEqual(['a.db-host']);
  });

  test('goes on with the journal where the recorded host sees a local disk', async () => {
    await openIn(FolderMedium.Network);
    expect(await openIn(FolderMedium.Local)).toMatchObject({ journal: 'truncate' });
  });

  test('refuses a record that names no host', async () => {
    writeFileSync(`${path}-host`, '{"id":');
    await expect(openIn(undefined)).rejects.toMatchObject({ code: 'invalid-configuration' });
  });

  test('waits for a record that is being written', async () => {
    writeFileSync(`${path}-host`, '');
    await expect(openIn(FolderMedium.Network)).rejects.toMatchObject({ name: 'BusyTimeoutError' });
  });
});

describe('the medium of a folder', () => {
  test.each(Object.entries(networkFileSystems))('is the network on %s', (_, type) => {
    expect(mediumOfType(type)).toBe(FolderMedium.Network);
    expect(mediumOfType(type | 0)).toBe(FolderMedium.Network);
  });

  test.each([
    ['ext4', 0xef_53],
    ['tmpfs', 0x01_02_19_94],
    ['btrfs', 0x91_23_68_3e],
    ['overlayfs', 0x79_4c_76_30],
  ])('is local on %s', (_, type) => expect(mediumOfType(type)).toBe(FolderMedium.Local));

  test('is that of the folder it would be made in', () => {
    expect(findFolderMedium(join(folder, 'not', 'there'))).toBe(findFolderMedium(folder));
  });
});
