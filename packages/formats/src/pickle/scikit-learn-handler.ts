import type { DetectionFacts, FormatHandler, FormatProbe } from '../catalog/format-handler.ts';
import { inspectPickle, pickleEvidence } from './describe-pickle.ts';
import { pickleScan, sightPickle } from './sight-pickle.ts';

/** A pickle that names classes of scikit-learn. */
export const scikitLearnHandler: FormatHandler = {
  format: 'scikit_learn_pickle',

  async detect(probe: FormatProbe): Promise<DetectionFacts | undefined> {
    const sighting = await sightPickle(probe);
    const name = sighting?.walk.globals.find((global) => global.startsWith('sklearn.'));
    if (sighting === undefined || name === undefined) return undefined;
    return { evidence: [pickleEvidence(sighting), `It names ${name} of scikit-learn.`], scan: pickleScan };
  },

  inspect: inspectPickle,
};
