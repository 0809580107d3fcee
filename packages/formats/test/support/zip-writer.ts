/** A member to put into a zip archive. Nothing is computed: what is given is what is written. */
export interface ZipEntry {
  readonly path: string;
  readonly data: Uint8Array;
  readonly method?: number;
  readonly sizeBytes?: number;
  readonly flags?: number;
  /** What the directory claims instead of the true offset. */
  readonly claimedOffset?: number;
  readonly isZip64?: boolean;
}

/** Lies to tell in the end record. */
export interface ZipLies {
  readonly entryCount?: number;
  readonly directoryOffset?: number;
  readonly directoryBytes?: number;
  readonly comment?: Uint8Array;
}

/** Writes a zip archive, as honest as it is asked to be. Check sums are left 0. */
export function writeZip(entries: readonly ZipEntry[], lies: ZipLies = {}): Uint8Array {
  const local: number[] = [];
  const directory: number[] = [];
  for (const entry of entries) {
    const name = [...new TextEncoder().encode(entry.path)];
    const size = entry.sizeBytes ?? entry.data.length;
    const offset = entry.claimedOffset ?? local.length;
    const method = entry.method ?? 0;
    const flags = entry.flags ?? 0;
    const shown = entry.isZip64 ? 0xffff_ffff : undefined;
    const extra = entry.isZip64
      ? [...u16(1), ...u16(24), ...u64(size), ...u64(entry.data.length), ...u64(offset)]
      : [];
    const common = [...u16(flags), ...u16(method), ...u32(0), ...u32(0)];
    const sizes = [...u32(shown ?? entry.data.length), ...u32(shown ?? size), ...u16(name.length)];
    local.push(
      ...u32(0x04034b50),
      ...u16(20),
      ...common,
      ...u32(entry.data.length),
      ...u32(size),
      ...u16(name.length),
    );
    local.push(...u16(0), ...name);
    for (const byte of entry.data) local.push(byte);
    directory.push(
      ...u32(0x02014b50),
      ...u16(20),
      ...u16(20),
      ...common,
      ...sizes,
      ...u16(extra.length),
      ...u16(0),
    );
    directory.push(...u16(0), ...u16(0), ...u32(0), ...u32(shown ?? offset), ...name, ...extra);
  }
  const comment = lies.comment ?? new Uint8Array(0);
  const count = lies.entryCount ?? entries.length;
  const end = [...u32(0x06054b50), ...u16(0), ...u16(0), ...u16(count), ...u16(count)];
  end.push(...u32(lies.directoryBytes ?? directory.length), ...u32(lies.directoryOffset ?? local.length));
  end.push(...u16(comment.length), ...comment);
  return Uint8Array.from([...local, ...directory, ...end]);
}

function u16(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff];
}

function u32(value: number): number[] {
  return [...u16(value & 0xffff), ...u16(value >>> 16)];
}

function u64(value: number): number[] {
  return [...u32(value >>> 0), ...u32(Math.floor(value / 2 ** 32))];
}
