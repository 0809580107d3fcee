import type { FolderProbe } from '../catalog/format-handler.ts';
import type { FormatInspection } from '../catalog/format-inspection.ts';
import { shapeElementCount } from '../tensor/shape-element-count.ts';
import type { TensorDescription } from '../tensor/tensor-description.ts';
import { escapesFolder } from './escapes-folder.ts';
import { onnxElementTypes } from './onnx-element-type.ts';

const bitsOf: ReadonlyMap<string, number> = new Map(
  [...onnxElementTypes.values()].map(({ dtype, bitsPerElement }) => [dtype, bitsPerElement]),
);

/** Warns of tensors whose data the files of a folder do not hold: missing, cut short, or outside. */
export async function warnOfExternalFiles(
  probe: FolderProbe,
  path: string,
  inspection: Pick<FormatInspection, 'summary' | 'tensors' | 'warnings'>,
): Promise<void> {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const sizes = new Map(probe.entries.map((entry) => [entry.path, entry.sizeBytes]));
  const needed = new Map<string, number>();
  const stated = inspection.summary['externalFiles'];
  for (const location of Array.isArray(stated) ? stated.map(String) : [])
    if (!escapesFolder(location)) needed.set(location, 0);
  for (const { location, endBytes } of externalPlaces(inspection.tensors ?? []))
    needed.set(location, Math.max(needed.get(location) ?? 0, endBytes));
  for (const [location, endBytes] of needed) {
    const dataPath = `${folder}${location.replace(/^\.\//, '')}`;
    const sizeBytes = sizes.get(dataPath);
    if (sizeBytes === undefined)
      probe.warn({
        code: 'file-missing',
        message: `${path} keeps weights in ${dataPath}, which is not in the folder.`,
      });
    else if (sizeBytes < endBytes)
      probe.warn({
        code: 'external-data-cut',
        message: `${dataPath} has ${sizeBytes} bytes, and ${path} needs ${endBytes} of it: it is cut short.`,
      });
  }
  for (const warning of inspection.warnings ?? [])
    if (warning.code === 'external-data-escapes')
      probe.warn({ ...warning, message: `${path}: ${warning.message}` });
}

function externalPlaces(
  tensors: readonly TensorDescription[],
): readonly { readonly location: string; readonly endBytes: number }[] {
  return tensors.flatMap(({ externalData, dtype, shape }) => {
    if (externalData === undefined || externalData.escapes) return [];
    const { location, offset = 0, lengthBytes } = externalData;
    const dueBytes = Math.ceil(((shapeElementCount(shape) ?? 0) * (bitsOf.get(dtype) ?? 0)) / 8);
    return [{ location, endBytes: offset + Math.max(lengthBytes ?? 0, dueBytes) }];
  });
}
