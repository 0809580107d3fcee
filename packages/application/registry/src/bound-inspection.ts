import type { JsonObject, JsonValue } from '@holdfast/domain';
import { type FormatInspection, type TensorList, tensorsOfPage } from '@holdfast/formats';

/** An inspection that is no longer than this is kept whole in the version's record, in characters of JSON. */
const longestWholeCharacters = 262_144;

/** Of a longer one, a field that is no longer than this is kept whole. */
const longestFieldCharacters = 16_384;

/** The most entries that are kept of a list that is cut, and the most characters of a text. */
const [mostEntriesKept, mostCharactersKept] = [100, 1_000];

/** An inspection as a version's record keeps it. */
export interface BoundedInspection {
  readonly document: JsonObject;
  /**
   * Every list that the document has the beginning of, as lines of JSON: `{ "list": NAME, "entries": […] }`, those of an
   * object as pairs of key and value. Absent when the document has everything.
   */
  readonly lines?: () => Iterable<Uint8Array>;
}

/** Bounds what a version's record keeps of an inspection, however much the file says of itself. */
export function boundInspection({ tensorList, ...inspection }: FormatInspection): BoundedInspection {
  const text = JSON.stringify(inspection);
  const whole = JSON.parse(text) as JsonObject;
  if (tensorList === undefined && text.length <= longestWholeCharacters) return { document: whole };
  const cut = new Map<string, number>();
  const document = Object.fromEntries(
    Object.entries(whole).map(([name, value]) => {
      const isLong = JSON.stringify(value).length > longestFieldCharacters;
      const count = name === 'tensors' && tensorList !== undefined ? tensorList.count : countOf(value);
      if (!isLong && count === countOf(value)) return [name, value];
      cut.set(name, count);
      return [name, beginningOf(value)];
    }),
  );
  const lines = (): Iterable<Uint8Array> => printLists([...cut.keys()], { whole, tensorList });
  return { document: { ...document, cut: Object.fromEntries(cut) }, lines };
}

function countOf(value: JsonValue): number {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 1;
}

function beginningOf(value: JsonValue): JsonValue {
  if (typeof value === 'string') return shortened(value);
  if (typeof value !== 'object' || value === null) return value;
  const kept: [string, JsonValue][] = [];
  let characters = 0;
  for (const [key, entry] of Object.entries(value)) {
    const text = JSON.stringify(entry);
    const short = text.length <= mostCharactersKept || typeof entry !== 'string' ? entry : shortened(entry);
    characters += JSON.stringify(short).length + key.length;
    if (characters > longestFieldCharacters || kept.length === mostEntriesKept) break;
    kept.push([key, short]);
  }
  return Array.isArray(value) ? kept.map(([, entry]) => entry) : Object.fromEntries(kept);
}

function shortened(text: string): string {
  return text.length <= mostCharactersKept ? text : `${text.slice(0, mostCharactersKept).toWellFormed()}…`;
}

function* printLists(
  names: readonly string[],
  { whole, tensorList }: { readonly whole: JsonObject; readonly tensorList: TensorList | undefined },
): Iterable<Uint8Array> {
  const encoder = new TextEncoder();
  for (const name of names) {
    const pages =
      name === 'tensors' && tensorList !== undefined ? tensorList.pages() : pagesOf(whole[name] ?? null);
    for (const page of pages) {
      yield encoder.encode(`{"list":${JSON.stringify(name)},"entries":`);
      yield typeof page === 'string' ? encoder.encode(page) : page;
      yield encoder.encode('}\n');
    }
  }
}

function* pagesOf(value: JsonValue): Iterable<string> {
  const entries = entriesOf(value);
  for (let start = 0; start < entries.length; start += tensorsOfPage)
    yield JSON.stringify(entries.slice(start, start + tensorsOfPage));
}

function entriesOf(value: JsonValue): readonly JsonValue[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'object' && value !== null ? Object.entries(value) : [value];
}
