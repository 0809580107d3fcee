export interface LruCacheOptions<Key, Value> {
  /** @default without limit */
  readonly mostEntries?: number | undefined;
  /** A value that is larger by itself is not kept. @default without limit */
  readonly mostBytes?: number | undefined;
  /** What a value counts for. @default 0 */
  readonly bytesOf?: ((value: Value) => number) | undefined;
  /** Called with each value that leaves: for room, because it is replaced, deleted, or not kept at all. */
  readonly onLeave?: ((value: Value, key: Key) => void) | undefined;
}

/** A map that is bounded by a number of entries, of bytes, or both: what was used longest ago leaves first. */
export class LruCache<Key, Value> {
  readonly #options: LruCacheOptions<Key, Value>;
  readonly #entries = new Map<Key, { readonly value: Value; readonly bytes: number }>();
  #bytes = 0;

  constructor(options: LruCacheOptions<Key, Value>) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  get sizeBytes(): number {
    return this.#bytes;
  }

  /** The value of a key, which counts as used now. */
  get(key: Key): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: Key, value: Value): void {
    this.delete(key);
    const { mostEntries = Infinity, mostBytes = Infinity, bytesOf = () => 0, onLeave } = this.#options;
    const bytes = bytesOf(value);
    if (bytes > mostBytes || mostEntries < 1) return onLeave?.(value, key);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size < mostEntries && this.#bytes + bytes <= mostBytes) break;
      this.delete(oldest);
    }
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
  }

  /** @returns whether there was one. */
  delete(key: Key): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
    this.#options.onLeave?.(entry.value, key);
    return true;
  }

  clear(): void {
    for (const key of this.#entries.keys()) this.delete(key);
  }
}
