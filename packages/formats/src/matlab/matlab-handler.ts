import type { DetectionFacts, FormatHandler, FormatProbe } from '../catalog/format-handler.ts';
import type { InspectionFacts } from '../catalog/format-inspection.ts';
import { readMatlab4Records } from './matlab4-records.ts';
import { readMatlabHeader } from './read-matlab-header.ts';

/** A MATLAB file of version 4, 5 to 7, or 7.3, by its header. */
export const matlabHandler: FormatHandler = {
  format: 'matlab',

  async detect(probe: FormatProbe): Promise<DetectionFacts | undefined> {
    const header = await readMatlabHeader(probe.reader);
    if (header !== undefined) {
      const form = header.version === '7.3' ? 'version 7.3 around HDF5' : 'version 5 to 7';
      return { evidence: [`The header of a MATLAB file of ${form}, ${header.byteOrder}-endian.`] };
    }
    const outline = await readMatlab4Records(probe.reader);
    if (outline === undefined) return undefined;
    return {
      evidence: [
        `${outline.records.length} matrices of a MATLAB 4 file that follow each other exactly, ${outline.byteOrder}-endian.`,
      ],
    };
  },

  async inspect(probe: FormatProbe): Promise<InspectionFacts> {
    const header = await readMatlabHeader(probe.reader);
    if (header !== undefined) {
      const { version, byteOrder, text, platform } = header;
      return { summary: { version, byteOrder, text, platform: platform ?? null } };
    }
    const outline = await readMatlab4Records(probe.reader);
    if (outline === undefined) return {};
    const { byteOrder, records, hasMore } = outline;
    const variables = records.map(({ name }) => name);
    return { summary: { version: '4', byteOrder, variables, hasMoreVariables: hasMore } };
  },
};
