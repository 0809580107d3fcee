import type { FormatProbe } from '../catalog/format-handler.ts';
import type { InspectionFacts } from '../catalog/format-inspection.ts';
import { type PickleSighting, pickleScan, sightPickle } from './sight-pickle.ts';

const shownGlobals = 100;

/** The first sentence of evidence for a pickle. */
export function pickleEvidence({ walk, compression }: PickleSighting): string {
  const protocol = walk.protocol >= 2 ? `protocol ${walk.protocol}` : 'protocol 0 or 1';
  const place = compression === undefined ? '' : ` inside a ${compression} stream`;
  const end = {
    stopped: `ends at byte ${walk.offset}`,
    limited: `goes on after ${walk.opcodeCount} opcodes`,
    interleaved: `has array data of joblib between its opcodes from byte ${walk.offset} on`,
    cut: `was followed for ${walk.opcodeCount} opcodes`,
    broken: `was followed for ${walk.opcodeCount} opcodes`,
  }[walk.outcome];
  return `A pickle of ${protocol}${place} that ${end}.`;
}

/** What is told of any pickle: nothing in it is executed. */
export async function inspectPickle(probe: FormatProbe): Promise<InspectionFacts> {
  const sighting = await sightPickle(probe);
  if (sighting === undefined) return {};
  const { walk, compression } = sighting;
  return {
    summary: {
      protocol: walk.protocol,
      globals: walk.globals.slice(0, shownGlobals),
      globalCount: walk.globals.length,
      isFollowedToEnd: walk.outcome === 'stopped',
      ...(compression === undefined ? {} : { compression }),
    },
    scan: pickleScan,
  };
}
