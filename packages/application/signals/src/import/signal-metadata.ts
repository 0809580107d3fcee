import type { FaultType, FaultTypeCatalog } from '@holdfast/domain';
import { elementAt, type ValueLeaf, isSingle } from '@holdfast/formats';
import { isRealType } from './real-samples.ts';

/** What a file says beside its signal: single numbers and texts, by their paths. */
export type SignalMetadata = Readonly<Record<string, number | string>>;

const labelNames = new Set(['label', 'fault', 'fault_type', 'faulttype', 'class', 'condition', 'defaut']);
const longestText = 4_096;

/** Gathers the single real numbers and the short texts of a file. */
export async function metadataOf(leaves: readonly ValueLeaf[]): Promise<SignalMetadata> {
  const entries: [string, number | string][] = [];
  for (const leaf of leaves) {
    if (leaf.kind === 'text') {
      const { data } = await leaf.read();
      const [text] = data;
      if (data.length === 1 && text !== undefined && text.length <= longestText)
        entries.push([leaf.path, text]);
    } else if (isSingle(leaf.shape) && isRealType(leaf.dtype)) {
      entries.push([leaf.path, Number(elementAt(await leaf.read(), 0))]);
    }
  }
  return Object.fromEntries(entries);
}

/** The fault type that metadata names, by name, alias or number, else the one that the name of the file shows. */
export function labelOf(
  metadata: SignalMetadata,
  fileName: string,
  catalog: FaultTypeCatalog,
): FaultType | undefined {
  for (const [path, value] of Object.entries(metadata)) {
    if (!labelNames.has(path.split('.').at(-1)?.toLowerCase() ?? '')) continue;
    const found = typeof value === 'string' ? catalog.find(value) : catalog.ofNumber(value);
    if (found !== undefined) return found;
  }
  return catalog.ofFileName(fileName);
}
