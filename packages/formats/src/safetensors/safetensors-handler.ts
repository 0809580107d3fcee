import type { DetectionFacts, FormatHandler, FormatProbe } from '../catalog/format-handler.ts';
import type { InspectionFacts } from '../catalog/format-inspection.ts';
import { heldTensors } from '../tensor/tensor-list.ts';
import { readSafetensorsHeader } from './read-safetensors-header.ts';

/** Tensors behind a JSON header: every tensor is described, no data is read. */
export const safetensorsHandler: FormatHandler = {
  format: 'safetensors',

  async detect(probe: FormatProbe): Promise<DetectionFacts | undefined> {
    const header = await readSafetensorsHeader(probe.reader);
    if (header === undefined) return undefined;
    return {
      evidence: [
        `A safetensors header describes ${header.tensors.count} tensors that cover the file exactly.`,
      ],
    };
  },

  async inspect(probe: FormatProbe): Promise<InspectionFacts> {
    const header = await readSafetensorsHeader(probe.reader);
    if (header === undefined) return {};
    const { tensors, parameterCount, dtypes } = header;
    return {
      summary: { tensorCount: tensors.count, parameterCount, dtypes },
      ...heldTensors(tensors),
      ...(header.metadata === undefined ? {} : { metadata: header.metadata }),
    };
  },
};
