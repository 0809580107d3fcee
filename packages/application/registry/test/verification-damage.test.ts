import { chmodSync, cpSync, readFileSync, readdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import { type Digest, type ObjectKey, digestHex, contentKey } from '@holdfast/domain';
import type { VerifiedObject } from '@holdfast/registry';
import { StorageService } from '@holdfast/storage';
import { assert, asyncProperty, constantFrom, nat } from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeFolder } from './support/folders.ts';
import { TwoStores } from './support/two-stores.ts';
import { sampleBytes } from './support/world.ts';

/** A filesystem store with small objects in its index, a large one in a file, and a folder; saved once for all tests. */
let saved: TwoStores;
let small: Digest;
let large: Digest;

beforeAll(async () => {
  saved = await TwoStores.make('filesystem');
  const { persistence } = saved;
  small = (await persistence.save(sampleBytes(300), { name: 'small', format: 'binary' })).version.storage
    .checksum;
  large = (await persistence.save(sampleBytes(40_000, 2), { name: 'large', format: 'binary' })).version
    .storage.checksum;
  await writeFolder(saved.folder.join('in'), {
    'a/same': sampleBytes(300),
    'b/same': sampleBytes(300),
    other: sampleBytes(400, 3),
  });
  await persistence.saveFolder(saved.folder.join('in'), { name: 'tree' });
  await saved.main[Symbol.asyncDispose]();
});

afterAll(async () => {
  await saved[Symbol.asyncDispose]();
});

/** Damages a copy of the store and verifies it, with the copy's services. */
async function afterDamage(damage: (root: string) => void): Promise<{
  readonly findings: readonly VerifiedObject[];
  readonly canAllBeLoaded: () => Promise<boolean>;
}> {
  const root = saved.folder.join('damaged');
  rmSync(root, { recursive: true, force: true });
  cpSync(saved.folder.join('main'), root, { recursive: true });
  damage(root);
  const main = new FilesystemStorageAdapter({ root });
  const storage = new StorageService({ adapters: { main } });
  const locations = await saved.locations();
  const all = await saved.verify({}, storage);
  // The next test begins with what was known before.
  for (const location of locations) await saved.registry.repositories.objects.putLocation(location);
  const canAllBeLoaded = async (): Promise<boolean> => {
    for (const { digest, key } of locations) {
      await using reader = await main.get(key as ObjectKey).catch(() => undefined);
      if (reader?.info.checksum !== digest) return false;
    }
    return true;
  };
  return { findings: all.filter(({ state }) => state !== 'intact'), canAllBeLoaded };
}

function changeIndex(sql: string): (root: string) => void {
  return (root) => {
    const index = new DatabaseSync(join(root, 'index.db'));
    index.exec(sql);
    index.close();
  };
}

function dataFile(root: string): string {
  const name = readdirSync(join(root, 'data'), { recursive: true, encoding: 'utf8' }).find((path) =>
    path.includes('/'),
  );
  const path = join(root, 'data', name ?? '');
  chmodSync(path, 0o644);
  return path;
}

function flip(path: string, offset: number, bit = 0): void {
  const bytes = readFileSync(path);
  bytes[offset] = (bytes[offset] ?? 0) ^ (1 << bit);
  writeFileSync(path, bytes);
}

const affectsLarge = { affected: [{ reference: 'large:1', part: 'file' }] };
const affectsSmall = {
  affected: [
    { reference: 'small:1', part: 'file' },
    { reference: 'tree:1', part: 'member', paths: ['a/same', 'b/same'] },
  ],
};

describe('each kind of damage of a store is told once, with the versions that it affects', () => {
  test.each([0, 20_000, 39_999])('a bit of a body at byte %i', async (offset) => {
    const { findings } = await afterDamage((root) => flip(dataFile(root), offset));
    expect(findings).toMatchObject([{ state: 'damaged', digest: large, ...affectsLarge }]);
  });

  test.each([
    ['is gone', (path: string) => unlinkSync(path)],
    ['is cut short', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 39_000))],
    [
      'has grown, and begins with the right bytes',
      (path: string) => writeFileSync(path, 'more', { flag: 'a' }),
    ],
  ])('a body that %s', async (_, damage) => {
    const { findings } = await afterDamage((root) => damage(dataFile(root)));
    expect(findings).toMatchObject([{ state: 'damaged', digest: large, ...affectsLarge }]);
  });

  test('a bit of an inline body', async () => {
    const { findings } = await afterDamage((root) => {
      const path = join(root, 'index.db');
      // The database may hold an old copy of them, too.
      const bytes = readFileSync(path);
      const body = Buffer.from(sampleBytes(300));
      for (let at = bytes.indexOf(body); at !== -1; at = bytes.indexOf(body, at + 1)) flip(path, at + 150, 5);
    });
    expect(findings).toMatchObject([{ state: 'damaged', digest: small, ...affectsSmall }]);
  });

  const key = "'objects/sha256/' || substr(sha256, 1, 2) || '/' || sha256";
  test.each([
    ['etag', "etag = replace(etag, '-', '+')"],
    ['size', 'size_bytes = size_bytes + 1'],
    ['size, beyond what a number holds', 'size_bytes = 9007199254740993'],
    ['digest', "sha256 = replace(sha256, 'a', 'b')"],
    ['content type', "content_type = 'text/plain'"],
    ['metadata', "metadata = '{'"],
    ['time', 'modified_ms = modified_ms + 1'],
    ['checksum', "row_checksum = replace(row_checksum, '0', '1') || '0'"],
  ])('a field of a record: the %s', async (_, change) => {
    const where = `key = '${contentKey(small)}'`;
    const { findings } = await afterDamage(changeIndex(`UPDATE objects SET ${change} WHERE ${where}`));
    expect(findings.filter(({ digest }) => digest !== undefined)).toMatchObject([
      { state: 'damaged', digest: small, ...affectsSmall },
    ]);
  });

  test('the key of a record: the object is missing, and a record is there that is none', async () => {
    const wrong = contentKey(small).replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    const { findings } = await afterDamage(
      changeIndex(
        `PRAGMA foreign_keys = OFF; UPDATE objects SET key = '${wrong}' WHERE key = ${key} AND sha256 = '${digestHex(small)}'`,
      ),
    );
    expect(findings).toMatchObject([
      { state: 'missing', digest: small, ...affectsSmall },
      { state: 'damaged', key: wrong, affected: [], reason: 'its record does not match its checksum' },
    ]);
  });

  test('the file of a record that says another one', async () => {
    const { findings } = await afterDamage(
      changeIndex("UPDATE objects SET data_id = 'ffff' WHERE data_id IS NOT NULL"),
    );
    expect(findings).toMatchObject([{ state: 'damaged', digest: large, ...affectsLarge }]);
  });

  test('an object of no model that the store keeps for itself', async () => {
    const { findings } = await afterDamage(
      changeIndex("UPDATE objects SET etag = 'x' WHERE key = 'registry-claim.json'"),
    );
    expect(findings).toMatchObject([{ state: 'damaged', key: 'registry-claim.json', affected: [] }]);
  });

  test.each(['{', 'layout', '"'])('the marker: every object is named, and the store', async (at) => {
    const { findings } = await afterDamage((root) => {
      const path = join(root, 'holdfast-store.json');
      chmodSync(path, 0o644);
      flip(path, readFileSync(path).indexOf(at));
    });
    const objects = findings.filter(({ digest }) => digest !== undefined);
    expect(objects).toHaveLength((await saved.locations()).length);
    expect(objects.every(({ state }) => state === 'unreadable')).toBe(true);
    expect(findings.filter(({ digest }) => digest === undefined)).toMatchObject([
      { state: 'unreadable', storeName: 'main' },
    ]);
  });

  test('an index that is lost or no database', async () => {
    for (const damage of [unlinkSync, (path: string) => writeFileSync(path, 'no database'.repeat(999))]) {
      const { findings } = await afterDamage((root) => damage(join(root, 'index.db')));
      const objects = findings.filter(({ digest }) => digest !== undefined);
      expect(objects).toHaveLength((await saved.locations()).length);
      expect(objects.every(({ state }) => state === 'damaged')).toBe(true);
    }
  });
});

test('whatever bit of the index flips: it is told, or nothing that matters has changed', async () => {
  const sizeBytes = readFileSync(saved.folder.join('main', 'index.db')).byteLength;
  const header = nat(99);
  const anywhere = nat(sizeBytes - 1);
  const offsets = constantFrom(header, anywhere, anywhere).chain((offset) => offset);
  const counts = { told: 0, harmless: 0 };
  await assert(
    asyncProperty(offsets, nat(7), async (offset, bit) => {
      const { findings, canAllBeLoaded } = await afterDamage((root) =>
        flip(join(root, 'index.db'), offset, bit),
      );
      if (findings.length > 0) counts.told += 1;
      else {
        counts.harmless += 1;
        expect(await canAllBeLoaded()).toBe(true);
      }
    }),
    { numRuns: 150 },
  );
  expect(Math.min(counts.told, counts.harmless)).toBeGreaterThan(10);
}, 120_000);
