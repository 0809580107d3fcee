import type { ObjectKey } from '@holdfast/domain';
import {
  type ByteSource,
  type LateKey,
  type ObjectInfo,
  type PutOptions,
  StorageError,
  readSource,
} from '@holdfast/ports';
import { MemoryStorageAdapter } from '../../src/storage/memory-storage-adapter.ts';
import { testBites } from './test-bites.ts';

type Key = ObjectKey | LateKey;
type Options = PutOptions | undefined;

/** Passes everything on to the sound adapter. */
class Sound extends MemoryStorageAdapter {
  protected sound(key: Key, body: ByteSource, options?: Options): Promise<ObjectInfo> {
    return super.put(key, body, options);
  }
}

class ForgetsSize extends Sound {
  override put(
    key: Key,
    body: ByteSource,
    { sizeBytes: _forgotten, ...options }: PutOptions = {},
  ): Promise<ObjectInfo> {
    return this.sound(key, body, options);
  }
}

class ForgetsChecksum extends Sound {
  override put(
    key: Key,
    body: ByteSource,
    { checksum: _forgotten, ...options }: PutOptions = {},
  ): Promise<ObjectInfo> {
    return this.sound(key, body, options);
  }
}

class ForgetsContentType extends Sound {
  override put(
    key: Key,
    body: ByteSource,
    { contentType: _forgotten, ...options }: PutOptions = {},
  ): Promise<ObjectInfo> {
    return this.sound(key, body, options);
  }
}

class ForgetsTheSignal extends Sound {
  override put(
    key: Key,
    body: ByteSource,
    { signal: _forgotten, ...options }: PutOptions = {},
  ): Promise<ObjectInfo> {
    return this.sound(key, body, options);
  }
}

class TellsProgressAtTheEnd extends Sound {
  override async put(
    key: Key,
    body: ByteSource,
    { onProgress, ...options }: PutOptions = {},
  ): Promise<ObjectInfo> {
    const info = await this.sound(key, body, options);
    onProgress?.(info.sizeBytes);
    return info;
  }
}

class ShowsUnfinishedUploads extends Sound {
  override async put(key: Key, body: ByteSource, options?: PutOptions): Promise<ObjectInfo> {
    if (typeof key === 'string' && options === undefined) await this.sound(key, new Uint8Array(0));
    return this.sound(key, body, options);
  }
}

class KeepsWhatACancelledPutGave extends Sound {
  override async put(key: Key, body: ByteSource, options?: PutOptions): Promise<ObjectInfo> {
    const taken: Uint8Array[] = [];
    const watched = (async function* () {
      for await (const chunk of readSource(body)) {
        taken.push(Uint8Array.from(chunk));
        yield chunk;
      }
    })();
    try {
      return await this.sound(key, watched, options);
    } catch (error) {
      if (StorageError.isInstance(error, 'cancelled')) await this.sound(key, Buffer.concat(taken));
      throw error;
    }
  }
}

class LeavesTheOldObjectGoneWhenThePutFails extends Sound {
  override async put(key: Key, body: ByteSource, options?: PutOptions): Promise<ObjectInfo> {
    try {
      return await this.sound(key, body, options);
    } catch (error) {
      if (typeof key === 'string' && StorageError.isInstance(error, 'unexpected'))
        await this.delete([{ key }]);
      throw error;
    }
  }
}

class KeepsLentChunks extends Sound {
  override async put(key: Key, body: ByteSource, options?: PutOptions): Promise<ObjectInfo> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of readSource(body)) chunks.push(chunk);
    return this.sound(key, Buffer.concat(chunks), options);
  }
}

class LeavesSourcesOpen extends Sound {
  override put(key: Key, body: ByteSource, options?: PutOptions): Promise<ObjectInfo> {
    const iterator = readSource(body)[Symbol.asyncIterator]();
    return this.sound(key, { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) }, options);
  }
}

class LosesTheErrorOfTheSource extends Sound {
  override async put(key: Key, body: ByteSource, options?: PutOptions): Promise<ObjectInfo> {
    try {
      return await this.sound(key, body, options);
    } catch (error) {
      if (!StorageError.isInstance(error, 'unexpected')) throw error;
      const { operation, backend, code } = error;
      throw new StorageError({ operation, backend, code, key: String(key) });
    }
  }
}

class DropsTheLastByteOfLongStreams extends Sound {
  override async put(key: Key, body: ByteSource, options?: PutOptions): Promise<ObjectInfo> {
    if (body instanceof Uint8Array) return this.sound(key, body, options);
    const bytes = await collectBytes(readSource(body));
    return this.sound(key, bytes.byteLength > 262_144 ? bytes.subarray(0, -1) : bytes, options);
  }
}

class ShowsLateKeysEarly extends Sound {
  override async put(key: Key, body: ByteSource, options?: PutOptions): Promise<ObjectInfo> {
    if (typeof key === 'string') return this.sound(key, body, options);
    const draft = 'draft' as ObjectKey;
    const bytes = await collectBytes(readSource(body));
    await this.sound(draft, bytes);
    const info = await this.sound(key, bytes, options);
    await this.delete([{ key: draft }]);
    return info;
  }
}

class AsksTwiceForLateKeys extends Sound {
  override put(key: Key, body: ByteSource, options?: PutOptions): Promise<ObjectInfo> {
    if (typeof key === 'string') return this.sound(key, body, options);
    return this.sound(async (digest, size) => (await key(digest, size), key(digest, size)), body, options);
  }
}

class TrimsMetadata extends Sound {
  override put(key: Key, body: ByteSource, options: PutOptions = {}): Promise<ObjectInfo> {
    const trimmed = Object.entries(options.metadata ?? {}).map(([name, value]) => [name, value.trim()]);
    return this.sound(key, body, {
      ...options,
      metadata: Object.fromEntries(trimmed) as Record<string, string>,
    });
  }
}

class KeepsMetadataOfTheReplaced extends Sound {
  override async put(key: Key, body: ByteSource, options: PutOptions = {}): Promise<ObjectInfo> {
    const old = typeof key === 'string' && options.signal === undefined ? await this.head(key) : undefined;
    return this.sound(key, body, { ...options, metadata: options.metadata ?? old?.metadata ?? {} });
  }
}

/** The case that each of them has to fail. */
const bites: readonly (readonly [typeof Sound, string])[] = [
  [ForgetsSize, 'refuses a wrong size, and keeps the old object'],
  [ForgetsChecksum, 'refuses a wrong checksum, and keeps the old object'],
  [ForgetsContentType, 'keeps the content type'],
  [ForgetsTheSignal, 'stops a put whose source is silent, and keeps the old object'],
  [TellsProgressAtTheEnd, 'tells how many bytes it took, at least every 4 MiB'],
  [ShowsUnfinishedUploads, 'shows no unfinished upload'],
  [KeepsWhatACancelledPutGave, 'stops a put whose source is silent, and keeps the old object'],
  [LeavesTheOldObjectGoneWhenThePutFails, 'keeps the old object when the source throws half way'],
  [KeepsLentChunks, 'does not keep a chunk that it was lent'],
  [KeepsLentChunks, 'writes the same whatever the chunks are'],
  [LeavesSourcesOpen, 'closes a source that it stops reading'],
  [LosesTheErrorOfTheSource, 'keeps the old object when the source throws at once'],
  [DropsTheLastByteOfLongStreams, 'writes sizes around every border, of unknown length'],
  [ShowsLateKeysEarly, 'shows nothing before the key is known'],
  [AsksTwiceForLateKeys, 'asks for the key once, with the digest and the size'],
  [TrimsMetadata, 'keeps metadata values as they are'],
  [KeepsMetadataOfTheReplaced, 'forgets the metadata of an object that is replaced'],
];

testBites(bites, Sound);

async function collectBytes(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const copies: Buffer[] = [];
  for await (const chunk of chunks) copies.push(Buffer.from(chunk));
  return Buffer.concat(copies);
}
