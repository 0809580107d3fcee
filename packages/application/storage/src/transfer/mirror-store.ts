import { type ObjectKey, isReservedKey } from '@holdfast/domain';
import {
  type Cancellable,
  type ObjectInfo,
  type StorageAdapter,
  StorageError,
  type StorageErrorCode,
  type WriteMode,
} from '@holdfast/ports';
import { asCompleted } from '@holdfast/work';
import { copyObject } from './copy-object.ts';
import { hasSameContent } from './has-same-content.ts';
import { type ListedPair, mergeListings, objectsOf } from './merge-listings.ts';

/** How a store is mirrored. */
export interface MirrorOptions extends Cancellable {
  /** Only keys that begin with this text. @default '' */
  readonly prefix?: string | undefined;
  /** Only objects that this accepts. @default all */
  readonly accepts?: (key: ObjectKey) => boolean;
  /** Whether what the target holds under a key is known to be damaged: it is sent again whatever its record says. @default never */
  readonly isDamaged?: (key: ObjectKey) => Promise<boolean>;
  /** Only tell what would be copied. @default false */
  readonly isDryRun?: boolean | undefined;
  /** How many objects are under way at a time. @default 16 */
  readonly atOnce?: number | undefined;
  /** Whether content types and metadata go with the bytes. A target that cannot keep them refuses those objects. @default 'keep' */
  readonly metadata?: 'keep' | 'drop' | undefined;
  /** Told whenever bytes were sent: how many it was. */
  readonly onBytes?: (bytes: number) => void;
}

/** What became of one object of the source. */
export interface MirroredObject {
  readonly key: ObjectKey;
  readonly sizeBytes: number;
  /**
   * `copied` where nothing was, `replaced` where something else was, `unchanged` where the same bytes are.
   * In a dry run: would be. `failed` objects do not stop the others.
   */
  readonly outcome: 'copied' | 'replaced' | 'unchanged' | 'failed';
  /** What lies in the target now; absent in a dry run of a copy, and when it failed. */
  readonly target?: ObjectInfo;
  /** Why it failed. */
  readonly error?: StorageError;
}

/** The two ends of a mirroring. */
export interface MirrorEnds {
  readonly from: StorageAdapter;
  readonly to: StorageAdapter;
}

const defaultAtOnce = 16;

/** These say something about a store rather than about one object of it: there is no use in going on. */
const storeWideCodes: ReadonlySet<StorageErrorCode> = new Set<StorageErrorCode>([
  'cancelled',
  'invalid-configuration',
  'quota-exceeded',
  'rate-limited',
  'timeout',
  'unauthenticated',
  'unavailable',
]);

/**
 * Brings every object of one store into another, verified on the way, and sends nothing that is there. Nothing is
 * deleted. Ended at any moment, the next call goes on where this one stopped.
 *
 * @throws StorageError when a store as a whole refuses; what was told is done.
 */
export async function* mirrorStore(
  ends: MirrorEnds,
  options: MirrorOptions = {},
): AsyncIterable<MirroredObject> {
  const { atOnce = defaultAtOnce } = options;
  const mirror = async (pair: ListedPair): Promise<MirroredObject> => {
    try {
      return await mirrorObject(ends, pair, options);
    } catch (error) {
      if (!StorageError.isInstance(error) || storeWideCodes.has(error.code)) throw error;
      return { key: pair.source.key, sizeBytes: pair.source.sizeBytes, outcome: 'failed', error } as const;
    }
  };
  yield* asCompleted(accepted(pairsOf(ends, options), options), mirror, { atOnce });
}

/** Where one of the listings is not sorted, each object is looked up in the target on its own. */
async function* pairsOf({ from, to }: MirrorEnds, options: MirrorOptions): AsyncIterable<ListedPair> {
  const isSorted = [from, to].every(({ capabilities }) => capabilities.listOrder === 'bytewise');
  if (isSorted) return yield* mergeListings(from, to, options);
  for await (const source of objectsOf(from, options))
    yield { source, target: await to.head(source.key, { signal: options.signal }) };
}

async function* accepted(
  pairs: AsyncIterable<ListedPair>,
  { accepts = () => true }: MirrorOptions,
): AsyncIterable<ListedPair> {
  for await (const pair of pairs) if (!isReservedKey(pair.source.key) && accepts(pair.source.key)) yield pair;
}

async function mirrorObject(
  { from, to }: MirrorEnds,
  { source, target }: ListedPair,
  options: MirrorOptions,
): Promise<MirroredObject> {
  const { signal, isDryRun = false, metadata = 'keep', onBytes } = options;
  const { key, sizeBytes } = source;
  const isThere =
    target !== undefined &&
    (await options.isDamaged?.(key)) !== true &&
    (await hasSameContent({ adapter: from, info: source }, { adapter: to, info: target }, { signal }));
  if (isThere) return { key, sizeBytes, outcome: 'unchanged', target };
  const outcome = target === undefined ? 'copied' : 'replaced';
  if (isDryRun) return { key, sizeBytes, outcome };
  try {
    const copied = await copyObject(
      { adapter: from, key },
      { adapter: to, key },
      {
        signal,
        metadata,
        mode: modeFor(to, target),
        ...(onBytes === undefined ? {} : { onBytes: increments(onBytes) }),
      },
    );
    return { key, sizeBytes: copied.source.sizeBytes, outcome, target: copied.target };
  } catch (error) {
    if (!isOutrun(error)) throw error;
    const newer = await to.head(key, { signal });
    const ends = [
      { adapter: from, info: source },
      { adapter: to, info: newer ?? source },
    ] as const;
    if (newer === undefined || !(await hasSameContent(...ends, { signal }))) throw error;
    return { key, sizeBytes, outcome: 'unchanged', target: newer };
  }
}

/** Whether another writer was faster: perhaps with the same bytes. */
function isOutrun(error: unknown): boolean {
  return (
    StorageError.isInstance(error, 'already-exists') || StorageError.isInstance(error, 'precondition-failed')
  );
}

/** Nobody else's newer object is replaced, where the target can tell. */
function modeFor({ capabilities }: StorageAdapter, target: ObjectInfo | undefined): WriteMode {
  if (target === undefined) return capabilities.createIfAbsent ? 'create' : 'overwrite';
  return capabilities.replaceIfMatch ? { ifMatch: target.etag } : 'overwrite';
}

/** Turns totals into steps. An attempt that begins anew counts from where the last one came to. */
function increments(onBytes: (bytes: number) => void): (total: number) => void {
  let told = 0;
  return (total) => {
    if (total <= told) return;
    onBytes(total - told);
    told = total;
  };
}
