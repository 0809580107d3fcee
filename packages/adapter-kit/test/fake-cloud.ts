import { createHash, randomUUID } from 'node:crypto';
import {
  type CloudDriver,
  type RequestFailure,
  type FinishedParts,
  type ListAnswer,
  type ListRequest,
  type OpenedObject,
  type OpenOptions,
  type RequestOptions,
  type StoredObject,
  type Upload,
  type UploadPart,
  type WrittenObject,
  resolveRange,
} from '@holdfast/adapter-kit';
import { compareKeys } from '@holdfast/domain';
import { type StorageErrorCode, type WriteMode, StorageError } from '@holdfast/ports';

type Kept = StoredObject & { readonly bytes: Buffer };

/** What a fake cloud's server says no with. */
export class FakeCloudError extends Error {
  readonly failure: RequestFailure;

  constructor(code: StorageErrorCode, details: Partial<RequestFailure> = {}) {
    super(code);
    this.failure = {
      code,
      what: code.replaceAll('-', ' '),
      isTemporary: false,
      mayHaveHappened: false,
      ...details,
    };
  }
}

/** What the network does to one request: fails before the server has it, or loses the answer. */
export type Mishap = 'refused' | 'answer lost' | 'slow down' | undefined;

/** Where a condition is decided. */
type ConditionPath = 'create' | 'replace' | 'delete' | 'parts' | 'copies';

/** The server of a cloud, in memory. */
export class FakeServer {
  readonly objects = new Map<string, Kept>();
  readonly uploads = new Map<string, Map<number, Buffer>>();
  /** Every request that reached it or was lost on the way. */
  readonly requests: string[] = [];
  /** Decides what becomes of a request. */
  mishap: (method: string, count: number) => Mishap = () => undefined;
  /** What becomes of conditions: they are decided, ignored, or refused as unknown. */
  conditions: Partial<Record<ConditionPath, 'ignored' | 'refused'>> = {};
  /** Changes the body of an answer. */
  spoil: (body: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array> = (body) => body;
  /** Called after a request was served and before its answer is. */
  afterServed: (method: string) => void = () => undefined;
}

/** A driver of a {@link FakeServer}, with every capability that a cloud can have. */
export class FakeCloud implements CloudDriver {
  readonly backend = 'x-fake-cloud';
  readonly place: string = 'bucket fake';
  readonly capabilities = {
    createIfAbsent: true,
    replaceIfMatch: true,
    deleteIfMatch: true,
    conditionalCopy: true,
    lateKey: false,
    ranges: true,
    suffixRanges: true,
    userMetadata: true,
    contentType: true,
    versions: false,
    listOrder: 'bytewise',
    delimiters: true,
    startAfter: true,
    presignGet: false,
    presignPut: false,
    transactions: false,
    localPath: false,
    maximumKeyBytes: 512,
  } as const;
  readonly partLimits = { minimumPartBytes: 100_000, maximumParts: 10_000 };
  readonly maximumNameBytes: number = 1_024;
  readonly unspeakable: RegExp | undefined = /[\\?*]/u;
  readonly tellsAbsence: boolean = true;
  readonly #server: FakeServer;

  constructor(server: FakeServer) {
    this.#server = server;
  }

  readonly isEtag = (text: string): boolean => /^[a-z0-9-]+$/.test(text);

  readonly failureOf = (error: unknown): RequestFailure | undefined =>
    error instanceof FakeCloudError ? error.failure : undefined;

  readonly head = (name: string, options: RequestOptions): Promise<StoredObject | undefined> =>
    this.#serve('head', options, () => this.#server.objects.get(name));

  readonly open = (name: string, options: OpenOptions): Promise<OpenedObject | undefined> =>
    this.#serve('open', options, () => {
      const object = this.#server.objects.get(name);
      if (object === undefined) return undefined;
      const { ifMatch = object.etag, ifNoneMatch, range } = options;
      if (ifMatch !== object.etag) throw new FakeCloudError('precondition-failed');
      if (ifNoneMatch === object.etag) throw new FakeCloudError('not-modified');
      const wanted = refusingEmpty(() =>
        resolveRange(range, object.sizeBytes, { operation: 'get', backend: 'x-y' }),
      );
      if (wanted.length === 0 && object.sizeBytes > 0) throw new FakeCloudError('range-not-satisfiable');
      const bytes = object.bytes.subarray(wanted.offset, wanted.offset + wanted.length);
      return { object, range: wanted, body: this.#server.spoil(chunksOf(bytes)), close: () => undefined };
    });

  readonly putWhole = (
    upload: Upload,
    bytes: Uint8Array,
    options: RequestOptions,
  ): Promise<WrittenObject> => {
    const taken = Buffer.from(bytes);
    return this.#serve('putWhole', options, () => this.#write(upload, taken));
  };

  readonly beginParts = (_upload: Upload, options: RequestOptions): Promise<string> =>
    this.#serve('beginParts', options, () => {
      const id = randomUUID();
      this.#server.uploads.set(id, new Map());
      return id;
    });

  readonly putPart = (_upload: Upload, part: UploadPart, options: RequestOptions): Promise<string> =>
    this.#serve('putPart', options, () => {
      const { uploadId, number, bytes } = part;
      const parts = this.#server.uploads.get(uploadId) ?? new Map<number, Buffer>();
      if (!part.isLast && bytes.byteLength < this.partLimits.minimumPartBytes)
        throw new RangeError('too short');
      parts.set(number, Buffer.from(bytes));
      return createHash('md5').update(bytes).digest('hex');
    });

  readonly completeParts = (
    upload: Upload,
    parts: FinishedParts,
    options: RequestOptions,
  ): Promise<WrittenObject> =>
    this.#serve('completeParts', options, () => {
      const kept = this.#server.uploads.get(parts.uploadId);
      if (kept === undefined) throw new FakeCloudError('not-found');
      const pieces = parts.receipts.map((_receipt, index) => kept.get(index + 1) ?? Buffer.alloc(0));
      const written = this.#write(upload, Buffer.concat(pieces), 'parts');
      this.#server.uploads.delete(parts.uploadId);
      return written;
    });

  readonly abortParts = (_upload: Upload, uploadId: string, options: RequestOptions): Promise<void> =>
    this.#serve('abortParts', options, () => void this.#server.uploads.delete(uploadId));

  readonly remove = (
    name: string,
    options: RequestOptions & { readonly ifMatch?: string | undefined },
  ): Promise<'deleted' | 'absent'> =>
    this.#serve('remove', options, () => {
      const object = this.#server.objects.get(name);
      if (object === undefined) return 'absent';
      const isLax = options.ifMatch !== undefined && this.#isIgnored('delete');
      if (!isLax && options.ifMatch !== undefined && options.ifMatch !== object.etag)
        throw new FakeCloudError('precondition-failed');
      this.#server.objects.delete(name);
      return 'deleted';
    });

  readonly listPage = (request: ListRequest): Promise<ListAnswer> =>
    this.#serve('listPage', request, () => {
      const { prefix, delimiter, startAfter = '', pageSize, cursor = '' } = request;
      const entries = new Map<string, Kept | undefined>();
      for (const name of [...this.#server.objects.keys()].toSorted(compareKeys)) {
        if (!name.startsWith(prefix) || compareKeys(name, startAfter) <= 0) continue;
        const end = delimiter === undefined ? -1 : name.indexOf(delimiter, prefix.length);
        const folded = delimiter === undefined || end < 0 ? undefined : name.slice(0, end + delimiter.length);
        if (compareKeys(folded ?? name, cursor) <= 0) continue;
        entries.set(folded ?? name, folded === undefined ? this.#server.objects.get(name) : undefined);
      }
      const page = [...entries].slice(0, pageSize);
      return {
        objects: page.flatMap(([name, object]) =>
          object === undefined ? [] : [{ name, ...object, metadata: undefined }],
        ),
        prefixes: page.flatMap(([name, object]) => (object === undefined ? [name] : [])),
        cursor: page.length < entries.size ? page.at(-1)?.[0] : undefined,
      };
    });

  readonly copy = (
    source: { readonly name: string; readonly object: StoredObject },
    upload: Upload,
    options: RequestOptions,
  ): Promise<WrittenObject> =>
    this.#serve('copy', options, () => {
      const object = this.#server.objects.get(source.name);
      if (object?.etag !== source.object.etag) throw new FakeCloudError('precondition-failed');
      return this.#write(upload, object.bytes, 'copies');
    });

  readonly probe = (options: RequestOptions): Promise<void> => this.#serve('probe', options, () => undefined);

  readonly close = async (): Promise<void> => undefined;

  #write({ name, mode, contentType, metadata }: Upload, bytes: Buffer, path?: ConditionPath): WrittenObject {
    const isLax = mode !== 'overwrite' && this.#isIgnored(path ?? (mode === 'create' ? 'create' : 'replace'));
    if (!isLax) checkMode(mode, this.#server.objects.get(name));
    const etag = randomUUID();
    const sizeBytes = bytes.byteLength;
    this.#server.objects.set(name, { etag, sizeBytes, contentType, metadata, bytes, lastModifiedMs: 1_000 });
    return { etag };
  }

  #isIgnored(condition: ConditionPath): boolean {
    const fate = this.#server.conditions[condition];
    if (fate === 'refused') throw new FakeCloudError('unsupported');
    return fate === 'ignored';
  }

  async #serve<T>(method: string, { signal }: RequestOptions, work: () => T): Promise<T> {
    await new Promise(setImmediate);
    signal.throwIfAborted();
    const mishap = this.#server.mishap(method, this.#server.requests.push(method));
    if (mishap === 'refused')
      throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    if (mishap === 'slow down') throw new FakeCloudError('rate-limited', { isTemporary: true });
    const answer = work();
    this.#server.afterServed(method);
    await new Promise(setImmediate);
    if (mishap === 'answer lost') throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    return answer;
  }
}

function checkMode(mode: WriteMode, present: Kept | undefined): void {
  if (mode === 'create' && present !== undefined) throw new FakeCloudError('already-exists');
  if (typeof mode === 'object' && present?.etag !== mode.ifMatch)
    throw new FakeCloudError('precondition-failed');
}

function refusingEmpty<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (StorageError.isInstance(error)) throw new FakeCloudError(error.code);
    throw error;
  }
}

async function* chunksOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes.byteLength; offset += 65_536) {
    await Promise.resolve();
    yield Buffer.from(bytes.subarray(offset, offset + 65_536));
  }
}
