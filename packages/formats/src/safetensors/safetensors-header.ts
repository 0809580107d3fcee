import type { TensorDescription } from '../catalog/format-inspection.ts';
import { FormatError } from '../format-error.ts';
import { type JsonFailure, JsonReader } from '../json/json-reader.ts';
import { shapeElementCount } from '../tensor/shape-element-count.ts';
import { safetensorsDtypes } from './safetensors-dtype.ts';

/** The header of a safetensors file, with all its rules checked. */
export interface SafetensorsHeader {
  /** In the order of their data. */
  readonly tensors: readonly TensorDescription[];
  readonly metadata: { readonly [key: string]: string } | undefined;
  /** Number of elements of all tensors together. */
  readonly parameterCount: number;
}

/** Where a header lies in its file. */
export interface SafetensorsExtent {
  readonly headerStart: number;
  readonly dataStart: number;
  readonly fileSizeBytes: number;
}

interface Entry {
  readonly name: string;
  readonly nameOffset: number;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Parses and checks a safetensors header: known element types, shapes that fit their byte ranges,
 * and data that covers the rest of the file without hole or overlap.
 *
 * @throws FormatError with the offset in the file.
 */
export function parseSafetensorsHeader(header: Uint8Array, extent: SafetensorsExtent): SafetensorsHeader {
  const reader = new JsonReader(header, ({ offset, reason }: JsonFailure) =>
    safetensorsError(`in the header, ${reason}`, extent.headerStart + offset),
  );
  const entries: Entry[] = [];
  let metadata: Map<string, string> | undefined;
  reader.object((name, nameOffset) => {
    if (name === '__metadata__') metadata = readMetadata(reader);
    else entries.push(readEntry(reader, { name, nameOffset: extent.headerStart + nameOffset }));
  });
  reader.end();
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCoverage(entries, extent);
  return {
    tensors: entries.map((entry) => describe(entry, extent.dataStart)),
    metadata: metadata === undefined ? undefined : Object.fromEntries(metadata),
    parameterCount: entries.reduce((total, entry) => total + (shapeElementCount(entry.shape) ?? 0), 0),
  };
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

function readMetadata(reader: JsonReader): Map<string, string> | undefined {
  if (reader.peek() === 0x6e) {
    reader.value();
    return undefined;
  }
  const metadata = new Map<string, string>();
  reader.object((key) => void metadata.set(key, reader.string()));
  return metadata;
}

function readEntry(reader: JsonReader, named: { name: string; nameOffset: number }): Entry {
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
  const entry: Entry = { ...named, dtype, shape, begin, end };
  checkSize(entry);
  return entry;
}

function readIntegers(reader: JsonReader): number[] {
  const integers: number[] = [];
  reader.array(() => void integers.push(reader.unsignedInteger()));
  return integers;
}

function checkSize(entry: Entry): void {
  const bits = safetensorsDtypes.get(entry.dtype)?.bitsPerElement ?? 0;
  const count = shapeElementCount(entry.shape);
  if (count === undefined || !Number.isSafeInteger(count * bits)) {
    throw safetensorsError(`the shape of tensor ${quoted(entry.name)} overflows`, entry.nameOffset);
  }
  if ((count * bits) % 8 !== 0) {
    throw safetensorsError(`tensor ${quoted(entry.name)} does not fill whole bytes`, entry.nameOffset);
  }
  if ((count * bits) / 8 !== entry.end - entry.begin) {
    throw safetensorsError(
      `tensor ${quoted(entry.name)} needs ${(count * bits) / 8} bytes and has ${entry.end - entry.begin}`,
      entry.nameOffset,
    );
  }
}

function checkCoverage(entries: readonly Entry[], extent: SafetensorsExtent): void {
  let covered = 0;
  for (const entry of entries) {
    if (entry.begin !== covered) {
      const fault = entry.begin > covered ? 'a hole lies before' : 'another tensor overlaps';
      throw safetensorsError(`${fault} the data of tensor ${quoted(entry.name)}`, entry.nameOffset);
    }
    covered = entry.end;
  }
  const dataBytes = extent.fileSizeBytes - extent.dataStart;
  if (covered > dataBytes) {
    throw safetensorsError(`the data ends ${covered - dataBytes} bytes too early`, extent.fileSizeBytes);
  }
  if (covered < dataBytes) {
    throw safetensorsError(
      `${dataBytes - covered} bytes follow that belong to no tensor`,
      extent.dataStart + covered,
    );
  }
}

function describe(entry: Entry, dataStart: number): TensorDescription {
  const elementType = safetensorsDtypes.get(entry.dtype)?.elementType;
  return {
    name: entry.name,
    dtype: entry.dtype,
    ...(elementType === undefined ? {} : { elementType }),
    shape: entry.shape,
    byteRange: { start: dataStart + entry.begin, end: dataStart + entry.end },
  };
}

function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
