import type { ScanNote } from '../catalog/format-detection.ts';
import type { DetectionFacts, FormatHandler, FormatProbe } from '../catalog/format-handler.ts';
import type { InspectionFacts, InspectionWarning } from '../catalog/format-inspection.ts';
import { shapeElementCount } from '../tensor/shape-element-count.ts';
import { checkNpyData, describeNpy, type NpyHeader, readNpyHeader } from './read-npy-header.ts';

/** What is said of arrays of Python objects. */
export const objectArrayScan: ScanNote = {
  verdict: 'unscanned',
  reason:
    'The array holds Python objects, which are stored as a pickle: loading it with allow_pickle can run code.',
};

/** What is said of an element type that only an extension of NumPy, or a newer one, knows. */
export function unknownTypeWarning(text: string): InspectionWarning {
  return {
    code: 'unknown-element-type',
    message: `The element type ${text.slice(0, 120)} is not known here, so the size of the data was not checked.`,
  };
}

/** One NumPy array, `.npy`. */
export const npyHandler: FormatHandler = {
  format: 'numpy',

  async detect(probe: FormatProbe): Promise<DetectionFacts | undefined> {
    const header = await readNpyHeader(probe.reader);
    if (header === undefined) return undefined;
    checkNpyData(header, probe.reader.sizeBytes);
    return {
      evidence: [
        `The NumPy signature at byte 0, version ${header.version}, and a header that fits the file.`,
      ],
      ...(header.dtype.hasObjects ? { scan: objectArrayScan } : {}),
    };
  },

  async inspect(probe: FormatProbe): Promise<InspectionFacts> {
    const header = await readNpyHeader(probe.reader);
    if (header === undefined) return {};
    const trailingBytes = trailing(header, probe.reader.sizeBytes);
    const warnings: InspectionWarning[] =
      trailingBytes === 0
        ? []
        : [{ code: 'trailing-bytes', message: `${trailingBytes} bytes follow the array.` }];
    if (header.dtype.isUnknown) probe.warn(unknownTypeWarning(header.dtype.text));
    return {
      summary: {
        version: header.version,
        dtype: header.dtype.text,
        shape: header.shape,
        fortranOrder: header.isFortranOrder,
        elementCount: shapeElementCount(header.shape) ?? 0,
        hasObjects: header.dtype.hasObjects,
      },
      tensors: [describeNpy('', header)],
      ...(warnings.length === 0 ? {} : { warnings }),
    };
  },
};

function trailing(header: NpyHeader, sizeBytes: number): number {
  return header.dataBytes === undefined ? 0 : sizeBytes - header.dataStart - header.dataBytes;
}
