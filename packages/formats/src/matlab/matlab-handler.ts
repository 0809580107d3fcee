import type { JsonValue } from '@holdfast/domain';
import type { DetectionFacts, FormatHandler, FormatProbe } from '../catalog/format-handler.ts';
import type { InspectionFacts, VariableDescription } from '../catalog/format-inspection.ts';
import { describeVariables } from './describe-variables.ts';
import { readMatlab4Records } from './matlab4-records.ts';
import { type MatlabHeader, readMatlabHeader } from './read-matlab-header.ts';

const shownNames = 1000;

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
    const { variables, warnings } = await describeVariables(probe, header?.version ?? '4');
    const common = { variables, ...(warnings.length === 0 ? {} : { warnings }) };
    if (header !== undefined) return { summary: { ...headerFacts(header), ...names(variables) }, ...common };
    const outline = await readMatlab4Records(probe.reader);
    if (outline === undefined) return {};
    return {
      summary: { version: '4', byteOrder: outline.byteOrder, ...names(variables) },
      ...common,
    };
  },
};

function headerFacts({ version, byteOrder, text, platform }: MatlabHeader): {
  readonly [fact: string]: string | null;
} {
  return { version, byteOrder, text, platform: platform ?? null };
}

function names(variables: readonly VariableDescription[]): { readonly [fact: string]: JsonValue } {
  const listed = variables.slice(0, shownNames).map(({ name }) => name);
  return { variables: listed, hasMoreVariables: listed.length < variables.length };
}
