import { SafetensorsTensorList } from '../safetensors/safetensors-tensor-list.ts';
import type { TensorDescription } from './tensor-description.ts';
import type { TensorList, TensorListParts } from './tensor-list.ts';

const decoder = new TextDecoder();

/** The list that another thread took apart. */
export function tensorListOfParts(parts: TensorListParts): TensorList {
  if ('header' in parts) return new SafetensorsTensorList(parts.header, parts);
  const { count, pages } = parts;
  return {
    count,
    *entries() {
      for (const page of pages) yield* JSON.parse(decoder.decode(page)) as readonly TensorDescription[];
    },
    pages: () => pages,
    parts: () => parts,
    toJSON: () => ({ count }),
  };
}
