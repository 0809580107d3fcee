import type { DetectionFacts, FormatHandler, FormatProbe } from '../catalog/format-handler.ts';
import type { InspectionFacts } from '../catalog/format-inspection.ts';
import { readSafetensorsHeader } from './read-safetensors-header.ts';

/** Tensors behind a JSON header: every tensor is described, no data is read. */
export const safetensorsHandler: FormatHandler = {
  format: 'safetensors',

  async detect(probe: FormatProbe): Promise<DetectionFacts | undefined> {
    const header = await readSafetensorsHeader(probe.reader);
    if (header === undefined) return undefined;
    return {
      evidence: [
        `A safetensors header describes ${header.tensors.length} tensors that cover the file exactly.`,
      ],
    };
  },

  async inspect(probe: FormatProbe): Promise<InspectionFacts> {
    const header = await readSafetensorsHeader(probe.reader);
    if (header === undefined) return {};
    const dtypes = [...new Set(header.tensors.map((tensor) => tensor.dtype))].toSorted();
    return {
      summary: { tensorCount: header.tensors.length, parameterCount: header.parameterCount, dtypes },
      tensors: header.tensors,
      ...(header.metadata === undefined ? {} : { metadata: header.metadata }),
    };
  },
};
