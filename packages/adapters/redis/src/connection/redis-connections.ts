import { isDeepStrictEqual } from 'node:util';
import type { ResolvedRedisOptions } from '../resolve-redis-options.ts';
import type { RedisScript } from '../store/redis-script.ts';
import { isMissingScript, isReadOnlyServer, nodeInstead } from '../to-storage-error.ts';
import { type RedisAddress, otherNode } from './redis-address.ts';
import { type RedisCommand, RedisConnection, type RedisReply } from './redis-connection.ts';

/** Most nodes of a cluster that one command is sent on to. */
const mostNodes = 5;

/** What a script is run with. */
export interface ScriptInput {
  readonly keys: readonly string[];
  readonly parameters: readonly (string | number | Uint8Array)[];
}

interface Place {
  readonly opening: Promise<RedisConnection>;
  connection?: RedisConnection;
  underWay: number;
}

/**
 * Connections to the one server that has the store: made when they are needed, used side by side, left when they break.
 * In a cluster all of a store lies with one node, so the answer that names another one is all that has to be understood.
 */
export class RedisConnections {
  readonly #options: ResolvedRedisOptions;
  #address: RedisAddress;
  readonly #places = new Set<Place>();

  constructor(options: ResolvedRedisOptions) {
    this.#options = options;
    this.#address = options.addresses[0];
  }

  /** Sends a command, to whichever node has the store. A connection that lets the signal's time run out is given up. */
  async send(command: RedisCommand, signal: AbortSignal): Promise<RedisReply> {
    for (let nodes = 1; ; nodes++) {
      const place = this.#place();
      try {
        return await this.#sendTo(place, command, signal);
      } catch (error) {
        const named = nodeInstead(error);
        const isOther = named !== undefined && nodes < mostNodes;
        if (isOther || isReadOnlyServer(error)) this.#leave(place, named);
        if (!isOther) throw error;
      }
    }
  }

  /** Runs a script: by its name, or in full where the server does not know it yet. */
  async evaluate(
    script: RedisScript,
    { keys, parameters }: ScriptInput,
    signal: AbortSignal,
  ): Promise<RedisReply> {
    const input = [keys.length, ...keys, ...parameters] as const;
    try {
      return await this.send(['EVALSHA', script.digest, ...input], signal);
    } catch (error) {
      if (!isMissingScript(error)) throw error;
      return this.send(['EVAL', script.text, ...input], signal);
    }
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    const places = [...this.#places];
    this.#places.clear();
    await Promise.allSettled(places.map(async ({ opening }) => (await opening).end()));
  }

  async #sendTo(place: Place, command: RedisCommand, signal: AbortSignal): Promise<RedisReply> {
    place.underWay++;
    const giveUp = (): void => {
      if (!isTimeUp(signal)) return;
      this.#places.delete(place);
      place.connection?.end();
    };
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      return await (await place.opening).send(command);
    } finally {
      place.underWay--;
      this.#endIfLeft(place);
      signal.removeEventListener('abort', giveUp);
    }
  }

  /** An idle connection, else a new one, else the one with the least to do. */
  #place(): Place {
    for (const place of this.#places) if (place.connection?.isOpen === false) this.#places.delete(place);
    const [least] = [...this.#places].toSorted((left, right) => left.underWay - right.underWay);
    if (least !== undefined && (least.underWay === 0 || this.#places.size >= this.#options.poolSize)) {
      return least;
    }
    return this.#open();
  }

  #open(): Place {
    const place: Place = { opening: this.#connect(this.#address), underWay: 0 };
    this.#places.add(place);
    void this.#await(place);
    return place;
  }

  async #await(place: Place): Promise<void> {
    try {
      place.connection = await place.opening;
      this.#endIfLeft(place);
    } catch {
      this.#places.delete(place);
    }
  }

  /** Connects to an address, or to the first of the given ones that can be reached instead. */
  async #connect(address: RedisAddress): Promise<RedisConnection> {
    const { addresses, credentials, timeouts } = this.#options;
    const options = { credentials, connectMs: timeouts.connectMs };
    try {
      return await RedisConnection.open(address, options);
    } catch (error) {
      for (const other of addresses) {
        if (isDeepStrictEqual(other, address)) continue;
        const connection = await RedisConnection.open(other, options).catch(() => undefined);
        if (connection === undefined) continue;
        if (this.#address === address) this.#address = other;
        return connection;
      }
      throw error;
    }
  }

  /** Connects anew from now on, to the node that was named, if any, once; what is under way ends where it began. */
  #leave({ connection }: Place, named: string | undefined): void {
    if (connection?.address !== this.#address) return;
    const other = named === undefined ? undefined : otherNode(this.#address, named);
    this.#address = other ?? { ...this.#address };
    const left = [...this.#places];
    this.#places.clear();
    for (const place of left) this.#endIfLeft(place);
  }

  #endIfLeft(place: Place): void {
    if (place.underWay === 0 && !this.#places.has(place)) place.connection?.end();
  }
}

/** Whether silence ended a request, and not its caller. */
function isTimeUp({ reason }: AbortSignal): boolean {
  return (reason as { readonly code?: unknown } | undefined)?.code === 'ETIMEDOUT';
}
