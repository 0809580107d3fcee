import type { DiskHistory, DiskStep, DiskSync } from './disk-history.ts';
import { type DiskImage, applyChange, copyImage } from './disk-image.ts';

/** What may have become of a change that was not synced, beside having been lost. */
export type Fate = 'whole' | 'torn' | 'zeros';

/** The changes that have reached the disk without having been synced. */
export type Survivors = ReadonlyMap<DiskStep, Fate>;

/** A moment at which the power may go. */
export interface CutPoint {
  /** How many lines the program may have printed before. */
  readonly acknowledged: number;
  /** What is on the disk for certain. */
  readonly durable: readonly DiskStep[];
  /** What may be. */
  readonly unsynced: readonly DiskStep[];
}

const sectorBytes = 512;

/**
 * The moments just before a sync ends, and the end. At any moment between two of them, whatever may be on the disk may
 * be there at the later one too, so that these are enough.
 */
export function cutPointsOf(history: DiskHistory): readonly CutPoint[] {
  const syncedAt = whenSynced(history);
  const moments = [...new Set(syncedAt.values())].filter((moment) => moment !== Infinity);
  return [...moments.toSorted((left, right) => left - right), Infinity].map((moment) => {
    const isDurable = (step: DiskStep): boolean => (syncedAt.get(step) ?? Infinity) < moment;
    const made = history.steps.filter(({ began }) => began < moment);
    return {
      acknowledged: history.acknowledgements.filter(({ began }) => began < moment).length,
      durable: made.filter(isDurable),
      unsynced: made.filter((step) => !isDurable(step)),
    };
  });
}

/** The first place in the trace at which a step is on the disk for certain. */
function whenSynced({ steps, syncs }: DiskHistory): ReadonlyMap<DiskStep, number> {
  const moments = new Map<DiskStep, number>();
  const covers = (sync: DiskSync, step: DiskStep): boolean =>
    sync.began > step.ended && (sync.node === 'everything' || sync.node === step.change.node);
  for (const step of steps.toReversed()) {
    const moment = Math.min(...syncs.filter((sync) => covers(sync, step)).map(({ ended }) => ended));
    moments.set(step, Math.min(moment, moments.get(step) ?? Infinity));
    if (step.requires !== undefined) moments.set(step.requires, moment);
  }
  return moments;
}

/** What the disk holds after a power cut. */
export function imageAfter(
  base: DiskImage,
  { durable, unsynced }: CutPoint,
  survivors: Survivors,
): DiskImage {
  const image = copyImage(base);
  const certain = new Set(durable);
  const hasSurvived = (step: DiskStep | undefined): boolean =>
    step === undefined || certain.has(step) || survivors.has(step);
  for (const step of [...durable, ...unsynced].toSorted((left, right) => left.ended - right.ended)) {
    const fate = certain.has(step) ? 'whole' : survivors.get(step);
    if (fate !== undefined && hasSurvived(step.requires)) applyStep(image, step, fate);
  }
  return image;
}

function applyStep(image: DiskImage, { change }: DiskStep, fate: Fate): void {
  if (change.kind !== 'bytes' || fate === 'whole') return applyChange(image, change);
  const { node, offset, bytes } = change;
  const sizeBytes = Math.max(image.files.get(node)?.byteLength ?? 0, offset + bytes.byteLength);
  if (fate === 'zeros') return applyChange(image, { kind: 'size', node, sizeBytes });
  const sectors = Math.floor(bytes.byteLength / sectorBytes / 2);
  applyChange(image, { ...change, bytes: bytes.subarray(0, Math.max(1, sectors) * sectorBytes) });
}
