import type { DetectionFacts, FormatHandler, FormatProbe } from '../catalog/format-handler.ts';
import type { InspectionFacts } from '../catalog/format-inspection.ts';
import { describeTree } from './describe-tree.ts';
import { openHdf5 } from './read-hdf5.ts';
import { readSuperblock } from './read-superblock.ts';

/** An HDF5 file: its superblock, and the tree of its groups and datasets. */
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
    const tree = await describeTree(
      async () => (await openHdf5(probe.reader, {})).root,
      (error) => probe.limit(error),
    );
    const { variables, warnings, groupCount, datasetCount, isPartial } = tree;
    for (const warning of warnings) probe.warn(warning);
    const summary = { superblockVersion: version, userBlockBytes: offset, offsetBytes, lengthBytes };
    const counts = { groupCount, datasetCount, ...(isPartial ? { countsAreLeast: true } : {}) };
    return { summary: { ...summary, ...counts }, variables };
  },
};
