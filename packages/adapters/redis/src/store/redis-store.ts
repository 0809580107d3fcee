import type { ObjectKey } from '@holdfast/domain';
import type { OperationContext } from '@holdfast/ports';
import type { RedisReply } from '../connection/redis-connection.ts';
import type { RedisConnections } from '../connection/redis-connections.ts';
import type { ResolvedRedisOptions } from '../resolve-redis-options.ts';
import { notAnAnswerOfRedis } from '../to-storage-error.ts';
import { copyChunksScript, keepChunksScript } from './chunk-scripts.ts';
import { commitScript } from './commit-script.ts';
import { type CommitOutcome, type CommitStep, type CommitTicket, stepParameters } from './commit-step.ts';
import { listScript } from './list-script.ts';
import { StoreNames } from './store-names.ts';
import {
  type DataReference,
  type StoredBytes,
  type StoredRecord,
  corruptRecord,
  parseData,
  parseRecord,
} from './stored-record.ts';

/** An object as it was at one moment. */
export type OpenedRecord = StoredRecord & { readonly bytes: StoredBytes };

/** Some chunks of one state. */
export interface ChunkSpan {
  readonly first: number;
  readonly last: number;
}

/** A page that is asked for; `from` is a bound of `ZRANGEBYLEX`. */
export interface PageRequest {
  readonly prefix: string;
  readonly delimiter: string;
  readonly from: string | Uint8Array;
  readonly pageSize: number;
}

export interface StoredPage {
  readonly entries: readonly { readonly name: string; readonly record: string | undefined }[];
  readonly next: Uint8Array | undefined;
}

/** The requests that a store makes of its server, one at a time. */
export class RedisStore {
  readonly #connections: RedisConnections;
  readonly #names: StoreNames;
  readonly #keep: ResolvedRedisOptions['keep'];

  constructor(connections: RedisConnections, { prefix, keep }: ResolvedRedisOptions) {
    this.#connections = connections;
    this.#names = new StoreNames(prefix);
    this.#keep = keep;
  }

  async head(
    key: ObjectKey,
    context: OperationContext,
    signal: AbortSignal,
  ): Promise<StoredRecord | undefined> {
    const text = await this.#connections.send(['HGET', this.#names.record + key, 'info'], signal);
    return text === null ? undefined : parseRecord(key, String(text), context);
  }

  async open(
    key: ObjectKey,
    context: OperationContext,
    signal: AbortSignal,
  ): Promise<OpenedRecord | undefined> {
    const record = this.#names.record + key;
    const answer = await this.#connections.send(['HMGET', record, 'info', 'data', 'body'], signal);
    const [info, data, body] = repliesOf(answer) as readonly (Buffer | null)[];
    if (info === null || info === undefined) return undefined;
    const parsed = parseRecord(key, String(info), context);
    const reference = parseData(String(data));
    if (reference !== undefined) return { ...parsed, bytes: { kind: 'chunks', data: reference } };
    if (body?.byteLength !== parsed.info.sizeBytes) throw corruptRecord(key, context);
    return { ...parsed, bytes: { kind: 'inline', bytes: body } };
  }

  /** Bytes of a chunk, `undefined` when it is gone. */
  async readChunk(
    { id }: DataReference,
    { number, offset, length }: { readonly number: number; readonly offset: number; readonly length: number },
    signal: AbortSignal,
  ): Promise<Buffer | undefined> {
    const chunk = this.#chunk(id, number);
    const bytes = await this.#connections.send(['GETRANGE', chunk, offset, offset + length - 1], signal);
    return Buffer.isBuffer(bytes) && bytes.byteLength === length ? bytes : undefined;
  }

  /** Writes a chunk that expires unless it is committed. A repetition that comes late changes nothing. */
  async stageChunk(
    id: string,
    { number, bytes }: { readonly number: number; readonly bytes: Uint8Array },
    signal: AbortSignal,
  ): Promise<void> {
    const chunk = this.#chunk(id, number);
    await this.#connections.send(['SET', chunk, bytes, 'PX', this.#keep.stagedMs, 'NX'], signal);
  }

  /** Copies chunks that expire unless they are committed; tells whether all of them were there. */
  async copyChunks(
    from: string,
    to: string,
    { first, last, signal }: ChunkSpan & { readonly signal: AbortSignal },
  ): Promise<boolean> {
    const parameters = [this.#names.chunk, from, to, first, last, this.#keep.stagedMs];
    const input = { keys: [this.#names.index], parameters };
    return (await this.#connections.evaluate(copyChunksScript, input, signal)) === 1;
  }

  /** Keeps chunks that are not committed for longer. */
  renew(data: DataReference, signal: AbortSignal): Promise<void> {
    return this.#keepChunks(data, this.#keep.stagedMs, signal);
  }

  /** Unlinks chunks that are not committed. */
  discard(data: DataReference, signal: AbortSignal): Promise<void> {
    return this.#keepChunks(data, 0, signal);
  }

  async commit(
    steps: readonly CommitStep[],
    ticket: CommitTicket,
    signal: AbortSignal,
  ): Promise<CommitOutcome> {
    const records = steps.map(({ key }) => this.#names.record + key);
    const keys = [this.#names.index, this.#names.commit + ticket.id, ...records];
    const markMs = ticket.isMarked ? this.#keep.stagedMs : 0;
    const parameters = [
      this.#names.chunk,
      this.#keep.replacedMs,
      markMs,
      ...steps.flatMap((step) => stepParameters(step)),
    ];
    const answer = await this.#connections.evaluate(commitScript, { keys, parameters }, signal);
    const [kind, ...rest] = repliesOf(answer).map(String);
    if (kind === 'done' && rest.length === steps.length) return { kind, results: rest };
    if (kind === 'refused' || kind === 'expired') return { kind, step: Number(rest[0]) - 1 };
    if (kind === 'repeated') return { kind };
    throw notAnAnswerOfRedis('outcome of a commit');
  }

  /** Whether a commit that was marked has happened. */
  async hasCommitted(id: string, signal: AbortSignal): Promise<boolean> {
    return (await this.#connections.send(['EXISTS', this.#names.commit + id], signal)) === 1;
  }

  async page({ prefix, delimiter, from, pageSize }: PageRequest, signal: AbortSignal): Promise<StoredPage> {
    const parameters = [this.#names.record, prefix, delimiter, from, pageSize];
    const input = { keys: [this.#names.index], parameters };
    const answer = await this.#connections.evaluate(listScript, input, signal);
    const [next, list] = repliesOf(answer);
    if (!Buffer.isBuffer(next)) throw notAnAnswerOfRedis('next page');
    const flat = repliesOf(list) as readonly (Buffer | null)[];
    if (flat.length % 2 === 1) throw notAnAnswerOfRedis('record of an entry');
    const entries = flat.flatMap((name, index) =>
      index % 2 === 1 ? [] : [{ name: String(name), record: flat[index + 1]?.toString() }],
    );
    return { entries, next: next.byteLength === 0 ? undefined : next };
  }

  /** What the server with the store tells of itself. */
  async facts(signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    await this.#connections.send(['EXISTS', this.#names.index], signal);
    const facts = new Map<string, string>();
    for (const section of ['replication', 'memory', 'persistence']) {
      const text = String(await this.#connections.send(['INFO', section], signal));
      for (const [, name = '', value = ''] of text.matchAll(/^(\w+):(.*?)\r?$/gm)) facts.set(name, value);
    }
    return facts;
  }

  async #keepChunks({ id, chunkCount }: DataReference, keptMs: number, signal: AbortSignal): Promise<void> {
    const input = { keys: [this.#names.index], parameters: [this.#names.chunk, id, chunkCount, keptMs] };
    await this.#connections.evaluate(keepChunksScript, input, signal);
  }

  #chunk(id: string, number: number): string {
    return `${this.#names.chunk}${id}:${number}`;
  }
}

function repliesOf(answer: RedisReply | undefined): readonly RedisReply[] {
  if (!Array.isArray(answer)) throw notAnAnswerOfRedis('list');
  return answer as readonly RedisReply[];
}
