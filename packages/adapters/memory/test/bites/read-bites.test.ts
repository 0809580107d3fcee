import { closeSync, openSync } from 'node:fs';
import { runStorageCase, storageCaseNamed } from '@holdfast/conformance';
import type { ObjectKey } from '@holdfast/domain';
import {
  type ByteSource,
  type GetOptions,
  type LateKey,
  type ObjectInfo,
  type ObjectReader,
  type PutOptions,
  readSource,
} from '@holdfast/ports';
import { afterAll, expect, test } from 'vitest';
import { MemoryStorageAdapter } from '../../src/storage/memory-storage-adapter.ts';
import { harnessOf, testBites } from './test-bites.ts';

class Sound extends MemoryStorageAdapter {}

/** Answers with another body than the sound adapter would. */
class Rereading extends MemoryStorageAdapter {
  override async get(key: ObjectKey, options?: GetOptions): Promise<ObjectReader | undefined> {
    const reader = await super.get(key, options);
    if (reader === undefined) return undefined;
    const body = this.reread(reader, { key, options });
    return {
      info: reader.info,
      range: reader.range,
      body,
      [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
    };
  }

  protected reread(reader: ObjectReader, _asked: Asked): AsyncIterable<Uint8Array> {
    return reader.body;
  }

  protected plain(key: ObjectKey, options?: GetOptions): Promise<ObjectReader | undefined> {
    return super.get(key, options);
  }
}

interface Asked {
  readonly key: ObjectKey;
  readonly options: GetOptions | undefined;
}

class TearsReads extends Rereading {
  protected override async *reread(reader: ObjectReader, { key }: Asked): AsyncIterable<Uint8Array> {
    const { sizeBytes } = reader.info;
    const half = Math.floor(sizeBytes / 2);
    for (const range of [{ offset: 0, length: half }, { offset: half }]) {
      await new Promise(setImmediate);
      const part = half === 0 ? undefined : await this.plain(key, { range }).catch(() => undefined);
      if (part !== undefined) yield* part.body;
    }
    if (half === 0) yield* reader.body;
  }
}

class ReadsTheLatestBytes extends Rereading {
  protected override async *reread(reader: ObjectReader, { key, options }: Asked): AsyncIterable<Uint8Array> {
    let given = 0;
    for await (const chunk of reader.body) {
      const latest = await this.plain(key, { range: { offset: given } }).catch(() => undefined);
      if (options === undefined && given > 0 && latest !== undefined) return yield* latest.body;
      given += chunk.byteLength;
      yield chunk;
    }
  }
}

/** Takes the word that an object never changes for more than it is. */
class TrustsWhatNeverChanges extends ReadsTheLatestBytes {
  protected override reread(reader: ObjectReader, asked: Asked): AsyncIterable<Uint8Array> {
    return asked.options?.isImmutable === true
      ? super.reread(reader, { ...asked, options: undefined })
      : reader.body;
  }
}

/** Fetches parts, and gives them as they come. */
class ShufflesParts extends Rereading {
  protected override async *reread(reader: ObjectReader, { options }: Asked): AsyncIterable<Uint8Array> {
    const chunks = await Array.fromAsync(reader.body, (chunk) => Buffer.from(chunk));
    yield* options?.isImmutable === true ? chunks.toReversed() : chunks;
  }
}

class EndsShortWhenDeleted extends Rereading {
  protected override async *reread(reader: ObjectReader, { key }: Asked): AsyncIterable<Uint8Array> {
    for await (const chunk of reader.body) {
      if ((await this.head(key)) === undefined) return;
      yield chunk;
    }
  }
}

class IsOffByOne extends MemoryStorageAdapter {
  override get(key: ObjectKey, options: GetOptions = {}): Promise<ObjectReader | undefined> {
    const { range } = options;
    if (range === undefined || 'suffix' in range || range.length === undefined)
      return super.get(key, options);
    return super.get(key, { ...options, range: { offset: range.offset, length: range.length + 1 } });
  }
}

class DropsRanges extends MemoryStorageAdapter {
  override get(
    key: ObjectKey,
    { range: _dropped, ...options }: GetOptions = {},
  ): Promise<ObjectReader | undefined> {
    return super.get(key, options);
  }
}

class TellsTheSizeOfThePart extends Rereading {
  override async get(key: ObjectKey, options?: GetOptions): Promise<ObjectReader | undefined> {
    const reader = await super.get(key, options);
    if (reader === undefined) return undefined;
    return Object.assign(reader, { info: { ...reader.info, sizeBytes: reader.range.length } });
  }
}

const sharedMemory = new Uint8Array(1_048_576);

class SharesOneBuffer extends Rereading {
  protected override async *reread(reader: ObjectReader): AsyncIterable<Uint8Array> {
    for await (const chunk of reader.body) {
      sharedMemory.set(chunk);
      yield sharedMemory.subarray(0, chunk.byteLength);
    }
  }
}

class IgnoresTheSignal extends MemoryStorageAdapter {
  override get(
    key: ObjectKey,
    { signal: _forgotten, ...options }: GetOptions = {},
  ): Promise<ObjectReader | undefined> {
    return super.get(key, options);
  }
}

class GivesAllAtOnce extends Rereading {
  protected override async *reread(reader: ObjectReader): AsyncIterable<Uint8Array> {
    const chunks: Buffer[] = [];
    for await (const chunk of reader.body) chunks.push(Buffer.from(chunk));
    yield Buffer.concat(chunks);
  }
}

class ReadsAhead extends Rereading {
  protected override async *reread(reader: ObjectReader): AsyncIterable<Uint8Array> {
    const chunks: Buffer[] = [];
    for await (const chunk of reader.body) chunks.push(Buffer.from(chunk));
    yield* chunks;
  }
}

/** Keeps the caller's own bytes, and lends them. */
class KeepsGivenBytes extends Rereading {
  static readonly kept = new Map<string, Uint8Array>();

  override put(key: ObjectKey | LateKey, body: ByteSource, options?: PutOptions): Promise<ObjectInfo> {
    if (body instanceof Uint8Array) KeepsGivenBytes.kept.set(String(key), body);
    return super.put(key, body, options);
  }

  protected override async *reread(_reader: ObjectReader, { key }: Asked): AsyncIterable<Uint8Array> {
    yield KeepsGivenBytes.kept.get(key) ?? new Uint8Array(0);
  }
}

/** Gives its bytes in one piece as well. */
class GivesOnePiece extends MemoryStorageAdapter {
  override async get(key: ObjectKey, options?: GetOptions): Promise<ObjectReader | undefined> {
    const reader = await super.get(key, options);
    if (reader === undefined) return undefined;
    return Object.assign(reader, { bytes: () => this.piece(key, options) });
  }

  protected piece(key: ObjectKey, options: GetOptions | undefined): Promise<Uint8Array> {
    return super.get(key, options).then(bytesOf);
  }
}

class DropsTheRangeOfAPiece extends GivesOnePiece {
  protected override piece(key: ObjectKey): Promise<Uint8Array> {
    return super.piece(key, {});
  }
}

class SharesItsPiece extends GivesOnePiece {
  readonly #pieces = new Map<string, Promise<Uint8Array>>();

  protected override piece(key: ObjectKey, options: GetOptions | undefined): Promise<Uint8Array> {
    const piece = this.#pieces.get(key) ?? super.piece(key, options);
    this.#pieces.set(key, piece);
    return piece;
  }
}

class LeaksFilesOfPieces extends GivesOnePiece {
  protected override piece(key: ObjectKey, options: GetOptions | undefined): Promise<Uint8Array> {
    leaked.push(openSync(import.meta.filename, 'r'));
    return super.piece(key, options);
  }
}

const leaked: number[] = [];
afterAll(() => leaked.forEach((file) => closeSync(file)));

async function bytesOf(reader: ObjectReader | undefined): Promise<Uint8Array> {
  const chunks = await Array.fromAsync(reader?.body ?? [], (chunk) => Buffer.from(chunk));
  return Buffer.concat(chunks);
}

const bites: readonly (readonly [typeof MemoryStorageAdapter, string])[] = [
  [TearsReads, 'shows readers the old object or the new one, whole'],
  [ReadsTheLatestBytes, 'lets a reader finish the object that it opened when it is replaced'],
  [TrustsWhatNeverChanges, 'gives no mixture when what was said never to change is replaced'],
  [ShufflesParts, 'reads what never changes as it reads anything'],
  [ShufflesParts, 'reads ranges of what never changes'],
  [EndsShortWhenDeleted, 'gives a reader the whole object or an error when it is deleted'],
  [IsOffByOne, 'reads a range from the beginning, the middle and to the end'],
  [IsOffByOne, 'reads any range of objects around the border sizes'],
  [DropsRanges, 'reads the last bytes'],
  [DropsRanges, 'refuses a range that begins at or past the end'],
  [TellsTheSizeOfThePart, 'cuts a range at the end of the object'],
  [SharesOneBuffer, 'lends chunks that another reader does not touch'],
  [DropsTheRangeOfAPiece, 'gives a range in one piece'],
  [SharesItsPiece, 'gives in one piece what its body gives'],
  [LeaksFilesOfPieces, 'frees what a reader holds when its bytes were taken in one piece'],
  [IgnoresTheSignal, 'stops reading half way'],
  [GivesAllAtOnce, 'gives out a large object without holding it'],
  [ReadsAhead, 'gives out a large object without holding it'],
  [KeepsGivenBytes, 'does not keep the bytes that it was given'],
  [KeepsGivenBytes, 'is not changed by what a reader does to a lent chunk'],
];

testBites(bites, Sound);

class KeepsNoBytes extends MemoryStorageAdapter {
  override put(key: ObjectKey | LateKey, body: ByteSource): Promise<ObjectInfo> {
    return super.put(key, emptied(body)).then((info) => ({ ...info, sizeBytes: 96 * 1_048_576 }));
  }
}

async function* emptied(body: ByteSource): AsyncIterable<Uint8Array> {
  for await (const chunk of readSource(body)) yield chunk.subarray(0, 0);
}

test('an adapter that holds all bytes fails "takes in a large object without holding it"', async () => {
  const one = storageCaseNamed('takes in a large object without holding it');
  await runStorageCase(one, { ...harnessOf(KeepsNoBytes), keepsBytesInProcess: false });
  await expect(runStorageCase(one, { ...harnessOf(Sound), keepsBytesInProcess: false })).rejects.toThrow(
    /held above idle/,
  );
});
