import { type ObjectKey, compareKeys } from '@holdfast/domain';
import type {
  ByteSource,
  GetOptions,
  LateKey,
  ListOptions,
  ListPage,
  ObjectInfo,
  ObjectReader,
  PutOptions,
} from '@holdfast/ports';
import { MemoryStorageAdapter } from '../../src/storage/memory-storage-adapter.ts';
import { testBites } from './test-bites.ts';

class Sound extends MemoryStorageAdapter {}

/** Lists every object there is at once, for those that page by themselves. */
async function everything(adapter: MemoryStorageAdapter, options: ListOptions = {}): Promise<ObjectInfo[]> {
  const objects: ObjectInfo[] = [];
  for await (const page of MemoryStorageAdapter.prototype.list.call(adapter, options))
    objects.push(...page.objects);
  return objects;
}

class SortsByUtf16 extends MemoryStorageAdapter {
  override async *list(options: ListOptions = {}): AsyncIterable<ListPage> {
    const objects = await everything(this, { ...options, pageSize: 1_000 });
    const sorted = objects.toSorted((left, right) => (left.key < right.key ? -1 : 1));
    const { pageSize = 1_000 } = options;
    for (let start = 0; start < sorted.length; start += pageSize) {
      yield { objects: sorted.slice(start, start + pageSize), prefixes: [] };
    }
  }
}

class SortsWithinPagesOnly extends MemoryStorageAdapter {
  override async *list(options: ListOptions = {}): AsyncIterable<ListPage> {
    const { pageSize = 1_000 } = options;
    const objects = (await everything(this)).toReversed();
    for (let start = 0; start < objects.length; start += pageSize) {
      const page = objects.slice(start, start + pageSize);
      yield { objects: page.toSorted((left, right) => compareKeys(left.key, right.key)), prefixes: [] };
    }
  }
}

class StopsAfterOnePage extends MemoryStorageAdapter {
  override async *list(options: ListOptions = {}): AsyncIterable<ListPage> {
    for await (const page of super.list(options)) {
      yield page;
      return;
    }
  }
}

class GivesLargerPages extends MemoryStorageAdapter {
  override async *list(options: ListOptions = {}): AsyncIterable<ListPage> {
    yield* super.list({ ...options, pageSize: Math.min((options.pageSize ?? 1_000) + 1, 1_000) });
  }
}

class PagesByOffset extends MemoryStorageAdapter {
  override async *list(options: ListOptions = {}): AsyncIterable<ListPage> {
    const { pageSize = 1_000 } = options;
    for (let offset = 0; ; offset += pageSize) {
      const objects = (await everything(this)).slice(offset, offset + pageSize);
      if (objects.length === 0) return;
      yield { objects, prefixes: [] };
    }
  }
}

class StartsAtTheKey extends MemoryStorageAdapter {
  override async *list({ startAfter = '', ...options }: ListOptions = {}): AsyncIterable<ListPage> {
    for await (const page of super.list(options)) {
      const objects = page.objects.filter((info) => compareKeys(info.key, startAfter) >= 0);
      yield { ...page, objects };
    }
  }
}

class TakesPrefixesForFolders extends MemoryStorageAdapter {
  override async *list(options: ListOptions = {}): AsyncIterable<ListPage> {
    const { prefix = '' } = options;
    const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
    yield* super.list({ ...options, prefix: folder });
  }
}

class TakesPrefixesForPatterns extends MemoryStorageAdapter {
  override async *list({ prefix = '', ...options }: ListOptions = {}): AsyncIterable<ListPage> {
    const escaped = prefix.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const pattern = new RegExp(`^${escaped.replaceAll('%', '.*').replaceAll('_', '.')}`, 'su');
    for await (const page of super.list(options)) {
      yield { ...page, objects: page.objects.filter((info) => pattern.test(info.key)) };
    }
  }
}

class FoldsPageByPage extends MemoryStorageAdapter {
  override async *list({ delimiter, ...options }: ListOptions = {}): AsyncIterable<ListPage> {
    if (delimiter === undefined) return yield* super.list(options);
    const start = options.prefix?.length ?? 0;
    for await (const page of super.list(options)) {
      const folded = page.objects.flatMap(({ key }) => {
        const index = key.indexOf(delimiter, start);
        return index === -1 ? [] : [key.slice(0, index + delimiter.length)];
      });
      const objects = page.objects.filter(({ key }) => !key.includes(delimiter, start));
      yield { objects, prefixes: [...new Set(folded)] };
    }
  }
}

class DropsTheDelimiter extends MemoryStorageAdapter {
  override async *list({ delimiter: _dropped, ...options }: ListOptions = {}): AsyncIterable<ListPage> {
    yield* super.list(options);
  }
}

/** Spells keys differently in the store, on every way to it. */
class Respelling extends MemoryStorageAdapter {
  respell(key: ObjectKey): ObjectKey {
    return key;
  }

  override async put(key: ObjectKey | LateKey, body: ByteSource, options?: PutOptions): Promise<ObjectInfo> {
    if (typeof key === 'function') return super.put(key, body, options);
    return { ...(await super.put(this.respell(key), body, options)), key };
  }

  override get(key: ObjectKey, options?: GetOptions): Promise<ObjectReader | undefined> {
    return super.get(this.respell(key), options);
  }

  override async head(key: ObjectKey): Promise<ObjectInfo | undefined> {
    const info = await super.head(this.respell(key));
    return info === undefined ? undefined : { ...info, key };
  }
}

class NormalisesUnicode extends Respelling {
  override respell(key: ObjectKey): ObjectKey {
    return key.normalize('NFC') as ObjectKey;
  }
}

class IgnoresCase extends Respelling {
  override respell(key: ObjectKey): ObjectKey {
    return key.toLowerCase() as ObjectKey;
  }
}

class DecodesPercentSequences extends Respelling {
  override respell(key: ObjectKey): ObjectKey {
    try {
      return decodeURIComponent(key) as ObjectKey;
    } catch {
      return key;
    }
  }
}

class EscapesWithoutUnescaping extends Respelling {
  override respell(key: ObjectKey): ObjectKey {
    return key.replaceAll('"', '__0x22__') as ObjectKey;
  }
}

class DropsTrailingDots extends Respelling {
  override respell(key: ObjectKey): ObjectKey {
    return (/[^. ]/.test(key) ? key.replace(/[. ]+$/, '') : key) as ObjectKey;
  }
}

const bites: readonly (readonly [typeof MemoryStorageAdapter, string])[] = [
  [SortsByUtf16, 'lists in the order of the UTF-8 bytes at every page size'],
  [SortsWithinPagesOnly, 'lists in the order of the UTF-8 bytes at every page size'],
  [StopsAfterOnePage, 'lists more than 1,000 keys completely, and deletes them at once'],
  [GivesLargerPages, 'lists every key once in pages of 2'],
  [PagesByOffset, 'stays complete when the key under the cursor goes'],
  [PagesByOffset, 'stays complete when keys come behind and before the cursor'],
  [StartsAtTheKey, 'starts after a key, not at it'],
  [TakesPrefixesForFolders, 'takes a prefix as the beginning of a text, not as a folder'],
  [TakesPrefixesForPatterns, 'takes a prefix literally, wildcards and quotes too'],
  [FoldsPageByPage, 'tells each folded prefix once, whatever the page size'],
  [DropsTheDelimiter, 'folds keys by a delimiter'],
  [NormalisesUnicode, 'keeps keys as they are: characters that look alike stay different'],
  [IgnoresCase, 'keeps keys as they are: names that differ by case stay different'],
  [DecodesPercentSequences, 'keeps keys as they are: percent sequences are not decoded'],
  [EscapesWithoutUnescaping, 'keeps every ASCII character from 0x20 on'],
  [DropsTrailingDots, 'keeps keys as they are: names that mean something to file systems'],
];

testBites(bites, Sound);
