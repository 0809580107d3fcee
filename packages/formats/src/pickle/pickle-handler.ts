import type { DetectionFacts, FormatHandler, FormatProbe } from '../catalog/format-handler.ts';
import { inspectPickle, pickleEvidence } from './describe-pickle.ts';
import { pickleScan, sightPickle } from './sight-pickle.ts';

/** A Python pickle of any protocol. It is recognised and never executed. */
export const pickleHandler: FormatHandler = {
  format: 'pickle',

  async detect(probe: FormatProbe): Promise<DetectionFacts | undefined> {
    const sighting = await sightPickle(probe);
    return sighting && { evidence: [pickleEvidence(sighting)], scan: pickleScan };
  },

  inspect: inspectPickle,
};
