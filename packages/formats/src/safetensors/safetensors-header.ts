import type { JsonReader } from '../json/json-reader.ts';
import { shapeElementCount } from '../tensor/shape-element-count.ts';
import type { TensorList } from '../tensor/tensor-list.ts';
import { EntryScanner, hashOfName } from './entry-scanner.ts';
import { EntryTable } from './entry-table.ts';
import {
  type SafetensorsEntry,
  type SafetensorsExtent,
  headerReader,
  readSafetensorsEntry,
} from './safetensors-entry.ts';
import { SafetensorsTensorList } from './safetensors-tensor-list.ts';

/** Called with a tensor of a header, and with where in the file the data begins. */
export type OnEntry = (entry: SafetensorsEntry, dataStart: number) => void;

/** The header of a safetensors file, with all its rules checked. */
export interface SafetensorsHeader {
  /** In the order of their data. */
  readonly tensors: TensorList;
  /** The element types that occur, sorted. */
  readonly dtypes: readonly string[];
  readonly metadata: { readonly [key: string]: string } | undefined;
  /** Number of elements of all tensors together. */
  readonly parameterCount: number;
}

/**
 * Parses and checks a safetensors header: known element types, shapes that fit their byte ranges,
 * and data that covers the rest of the file without hole or overlap. Of an entry, its place and its range are kept in
 * arrays of numbers: a header of 100 MB, the longest, costs little more than its bytes.
 *
 * @param onEntry Called with each tensor as it comes in the header; whether they cover the file is checked after the last.
 * @throws FormatError with the offset in the file.
 */
export function parseSafetensorsHeader(
  header: Uint8Array,
  extent: SafetensorsExtent,
  onEntry?: OnEntry,
): SafetensorsHeader {
  const entries = new EntryTable(header, extent);
  const metadata = readMembers(header, { entries, extent, onEntry });
  entries.check();
  return {
    tensors: new SafetensorsTensorList(header, { offsets: entries.offsets, extent }),
    dtypes: [...entries.dtypes].toSorted(),
    metadata: metadata === undefined ? undefined : Object.fromEntries(metadata),
    parameterCount: entries.elementCount,
  };
}

interface Members {
  readonly entries: EntryTable;
  readonly extent: SafetensorsExtent;
  readonly onEntry: OnEntry | undefined;
}

function readMembers(
  header: Uint8Array,
  { entries, extent, onEntry }: Members,
): Map<string, string> | undefined {
  const reader = headerReader(header, extent);
  const scanner = new EntryScanner(header);
  let metadata: Map<string, string> | undefined;
  let hasMetadata = false;
  let at = scanner.skipSpace(0) + 1;
  for (let isFirst = true; ; isFirst = false) {
    at = scanner.skipSpace(at);
    if (header[at] === 0x7d) break;
    if (!isFirst && header[at] === 0x2c) at = scanner.skipSpace(at + 1);
    else if (!isFirst) refuseUnended(reader, at);
    if (scanner.scan(at)) {
      entries.add(at, scanner);
      onEntry?.(scanner.entry(), extent.dataStart);
      at = scanner.position;
      continue;
    }
    reader.moveTo(at);
    const name = reader.key();
    if (name === '__metadata__') {
      if (hasMetadata) reader.fail('the key "__metadata__" is given twice', at);
      hasMetadata = true;
      metadata = readMetadata(reader);
    } else {
      const entry = readSafetensorsEntry(reader, { name, nameOffset: extent.headerStart + at });
      entries.add(at, {
        ...entry,
        nameHash: hashOfName(name),
        elementCount: shapeElementCount(entry.shape) ?? 0,
      });
      onEntry?.(entry, extent.dataStart);
    }
    at = reader.position;
  }
  reader.moveTo(at + 1);
  reader.end();
  return metadata;
}

/** What follows a member is neither a comma nor the end of the object. */
function refuseUnended(reader: JsonReader, at: number): never {
  reader.moveTo(at);
  reader.peek();
  return reader.fail(', is due');
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
