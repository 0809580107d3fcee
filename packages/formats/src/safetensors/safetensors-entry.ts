import { FormatError } from '../format-error.ts';
import { type JsonFailure, JsonReader } from '../json/json-reader.ts';
import { shapeElementCount } from '../tensor/shape-element-count.ts';
import { safetensorsDtypes } from './safetensors-dtype.ts';

/** Where a header lies in its file. */
export interface SafetensorsExtent {
  readonly headerStart: number;
  readonly dataStart: number;
  readonly fileSizeBytes: number;
}

/** One entry that is read by itself. */
export interface SafetensorsEntry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** A reader of a header whose failures are errors of this format. */
export function headerReader(header: Uint8Array, extent: SafetensorsExtent): JsonReader {
  return new JsonReader(header, ({ offset, reason }: JsonFailure) =>
    safetensorsError(`in the header, ${reason}`, extent.headerStart + offset),
  );
}

/** An error of this format. */
export function safetensorsError(reason: string, offset: number): FormatError {
  return new FormatError({
    format: 'safetensors',
    offset,
    reason,
    hint: 'The file is cut short or damaged: fetch it again, or write it again with the safetensors library.',
  });
}

/** Reads the value of an entry, and checks it. */
export function readSafetensorsEntry(
  reader: JsonReader,
  named: { readonly name: string; readonly nameOffset: number },
): SafetensorsEntry {
  let dtype: string | undefined;
  let shape: number[] | undefined;
  let range: number[] | undefined;
  reader.object((key, keyOffset) => {
    if (key === 'dtype') {
      dtype = reader.string();
      if (!safetensorsDtypes.has(dtype)) reader.fail(`the dtype ${dtype.slice(0, 40)} is unknown`, keyOffset);
    } else if (key === 'shape') shape = readIntegers(reader);
    else if (key === 'data_offsets') range = readIntegers(reader);
    else reader.value();
  });
  if (dtype === undefined)
    throw safetensorsError(`tensor ${quoted(named.name)} has no dtype`, named.nameOffset);
  if (shape === undefined)
    throw safetensorsError(`tensor ${quoted(named.name)} has no shape`, named.nameOffset);
  const [begin, end] = range ?? [];
  if (begin === undefined || end === undefined || range?.length !== 2 || end < begin) {
    throw safetensorsError(`tensor ${quoted(named.name)} has no valid data_offsets`, named.nameOffset);
  }
  const entry = { name: named.name, dtype, shape, begin, end };
  checkSize(entry, named.nameOffset);
  return entry;
}

function readIntegers(reader: JsonReader): number[] {
  const integers: number[] = [];
  reader.array(() => void integers.push(reader.unsignedInteger()));
  return integers;
}

function checkSize(entry: SafetensorsEntry, nameOffset: number): void {
  const bits = safetensorsDtypes.get(entry.dtype)?.bitsPerElement ?? 0;
  const count = shapeElementCount(entry.shape);
  if (count === undefined || !Number.isSafeInteger(count * bits)) {
    throw safetensorsError(`the shape of tensor ${quoted(entry.name)} overflows`, nameOffset);
  }
  if ((count * bits) % 8 !== 0) {
    throw safetensorsError(`tensor ${quoted(entry.name)} does not fill whole bytes`, nameOffset);
  }
  if ((count * bits) / 8 !== entry.end - entry.begin) {
    throw safetensorsError(
      `tensor ${quoted(entry.name)} needs ${(count * bits) / 8} bytes and has ${entry.end - entry.begin}`,
      nameOffset,
    );
  }
}

function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
