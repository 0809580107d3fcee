import type { SafetensorsListParts } from '../safetensors/safetensors-list-parts.ts';
import type { TensorDescription } from './tensor-description.ts';

/** The most tensors that an inspection holds as objects; of more, it holds the first and a list. */
export const mostTensorsHeld = 10_000;

/** How many of the tensors an inspection holds beside a list of all. */
const tensorsBesideList = 1_000;

/** The most tensors of one page of a list. */
export const tensorsOfPage = 1_000;

/** Very many tensors, described one by one as they are asked for. As JSON it is its number. */
export interface TensorList {
  readonly count: number;
  /** Every tensor, in the order of their data; as often as it is asked for. */
  entries(): Iterable<TensorDescription>;
  /** The same as texts in JSON, each an array of up to {@link tensorsOfPage} descriptions; a page is valid until the next one is asked for. */
  pages(): Iterable<Uint8Array>;
  /** The list as plain data that another thread can be sent, for {@link tensorListOfParts}. */
  parts(): TensorListParts;
  toJSON(): { readonly count: number };
}

/** A list as plain data: the header of a safetensors file that was checked, or all its pages. */
export type TensorListParts =
  | SafetensorsListParts
  | { readonly count: number; readonly pages: readonly Uint8Array[] };

/** What an inspection holds of its tensors. */
export interface HeldTensors {
  readonly tensors?: readonly TensorDescription[];
  readonly tensorList?: TensorList;
}

/** Every tensor of an inspection, however many there are. */
export function tensorsOf({ tensors = [], tensorList }: HeldTensors): Iterable<TensorDescription> {
  return tensorList?.entries() ?? tensors;
}

/** The tensors of an inspection as it holds them: all of a few, of many the first and the list. */
export function heldTensors(list: TensorList): HeldTensors {
  if (list.count <= mostTensorsHeld) return { tensors: [...list.entries()] };
  const tensors: TensorDescription[] = [];
  for (const tensor of list.entries()) {
    tensors.push(tensor);
    if (tensors.length === tensorsBesideList) break;
  }
  return { tensors, tensorList: list };
}

/** A list of tensors that are made when they are asked for. */
export function tensorListOf(count: number, entries: () => Iterable<TensorDescription>): TensorList {
  return {
    count,
    entries,
    pages: () => pagesOf(entries()),
    parts: () => ({ count, pages: [...pagesOf(entries())] }),
    toJSON: () => ({ count }),
  };
}

function* pagesOf(entries: Iterable<TensorDescription>): Iterable<Uint8Array> {
  const encoder = new TextEncoder();
  let page: TensorDescription[] = [];
  for (const entry of entries) {
    page.push(entry);
    if (page.length < tensorsOfPage) continue;
    yield encoder.encode(JSON.stringify(page));
    page = [];
  }
  if (page.length > 0) yield encoder.encode(JSON.stringify(page));
}
