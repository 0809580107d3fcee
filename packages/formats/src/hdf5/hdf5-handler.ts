import type { DetectionFacts, FormatHandler, FormatProbe } from '../catalog/format-handler.ts';
import type { InspectionFacts } from '../catalog/format-inspection.ts';
import { readSuperblock } from './read-superblock.ts';

/** An HDF5 file, by its superblock. What lies inside takes an HDF5 library. */
export const hdf5Handler: FormatHandler = {
  format: 'hdf5',

  async detect(probe: FormatProbe): Promise<DetectionFacts | undefined> {
    const superblock = await readSuperblock(probe.reader);
    if (superblock === undefined) return undefined;
    return {
      evidence: [
        `The HDF5 signature at byte ${superblock.offset}, superblock version ${superblock.version}.`,
      ],
    };
  },

  async inspect(probe: FormatProbe): Promise<InspectionFacts> {
    const superblock = await readSuperblock(probe.reader);
    if (superblock === undefined) return {};
    const { version, offset, offsetBytes, lengthBytes } = superblock;
    return { summary: { superblockVersion: version, userBlockBytes: offset, offsetBytes, lengthBytes } };
  },
};
