import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FilesystemStorageAdapter } from '@holdfast/adapter-filesystem';
import type { Digest } from '@holdfast/domain';
import { StorageService, fileSource } from '@holdfast/storage';
import { atOnce } from '../framework/at-once.ts';
import type { Setting } from '../framework/setting.ts';
import { md5Of } from '../material/check-listing.ts';
import { sampleBytes } from '../material/sample-bytes.ts';
import { makeSampleFile } from '../material/sample-file.ts';

/** The same objects twice: in a store of ours and as plain files under the same names. */
export interface MirrorSource {
  /** The root of a filesystem store. */
  readonly store: string;
  readonly files: string;
  /** Every key with the MD5 of its bytes. */
  readonly md5s: ReadonlyMap<string, string>;
}

/** One large object in a store and as a file. */
export interface LargeMirrorSource extends Pick<MirrorSource, 'store' | 'files'> {
  readonly key: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly digest: Digest;
}

/** Many small objects. */
export function smallSource({ amount, shared, say }: Setting): Promise<MirrorSource> {
  const { count, sizeBytes = 0 } = amount;
  return shared.find(`mirror-source-${count}`, async (folder) => {
    say('filling the store and the folder');
    const [store, files] = [join(folder, 'store'), join(folder, 'files')];
    const md5s = new Map<string, string>();
    await using service = serviceOn(store);
    await atOnce(count, 16, async (number) => {
      const bytes = sampleBytes(sizeBytes, number);
      const { storagePath } = await service.save(bytes, { format: 'binary' });
      md5s.set(storagePath, md5Of(bytes));
      await mkdir(dirname(join(files, storagePath)), { recursive: true });
      await writeFile(join(files, storagePath), bytes);
    });
    return { store, files, md5s };
  });
}

/** One large one. */
export function largeSource({ amount, shared, say }: Setting): Promise<LargeMirrorSource> {
  const { sizeBytes = 0 } = amount;
  return shared.find(`mirror-source-of-${sizeBytes}`, async (folder) => {
    say('filling the store and the folder');
    const [store, files] = [join(folder, 'store'), join(folder, 'files')];
    const sample = await makeSampleFile(folder, sizeBytes);
    await using service = serviceOn(store);
    const { storagePath: key } = await service.save(await fileSource(sample.path), { format: 'binary' });
    const path = join(files, key);
    await mkdir(dirname(path), { recursive: true });
    await copyFile(sample.path, path);
    return { store, files, key, path, sizeBytes, digest: sample.digest };
  });
}

function serviceOn(root: string): StorageService {
  return new StorageService({
    adapters: { default: new FilesystemStorageAdapter({ root, durability: 'none' }) },
  });
}
