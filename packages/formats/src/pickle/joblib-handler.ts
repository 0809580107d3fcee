import type { DetectionFacts, FormatHandler, FormatProbe } from '../catalog/format-handler.ts';
import type { InspectionFacts } from '../catalog/format-inspection.ts';
import { inspectPickle, pickleEvidence } from './describe-pickle.ts';
import { pickleScan, sightPickle } from './sight-pickle.ts';

/** The header of joblib's own compressed files, before version 0.10. */
const oldCompressedFile = /^ZF0x[0-9a-f]+L?[ ]*x/;

/**
 * A pickle that only joblib loads: it names joblib's wrapper of arrays. A joblib file without
 * arrays is a plain pickle to the byte; its name then tells it from one.
 */
export const joblibHandler: FormatHandler = {
  format: 'joblib',

  async detect(probe: FormatProbe): Promise<DetectionFacts | undefined> {
    if (await isOldCompressedFile(probe)) {
      return {
        evidence: ['The ZF header of compressed files of joblib before version 0.10.'],
        scan: pickleScan,
      };
    }
    const sighting = await sightPickle(probe);
    if (sighting === undefined) return undefined;
    const name = sighting.walk.globals.find((global) => global.startsWith('joblib.'));
    if (name !== undefined)
      return { evidence: [pickleEvidence(sighting), `It names ${name}.`], scan: pickleScan };
    if (!/\.joblib(?:\.[a-z0-9]+)?$/i.test(probe.path ?? '')) return undefined;
    return { evidence: [pickleEvidence(sighting), 'It is named as a joblib file.'], scan: pickleScan };
  },

  async inspect(probe: FormatProbe): Promise<InspectionFacts> {
    if (await isOldCompressedFile(probe)) return { summary: { compression: 'zlib' }, scan: pickleScan };
    return inspectPickle(probe);
  },
};

async function isOldCompressedFile(probe: FormatProbe): Promise<boolean> {
  return oldCompressedFile.test(String.fromCharCode(...(await probe.reader.read(0, 24))));
}
