import type { DetectionFacts, FolderProbe } from '../catalog/format-handler.ts';
import type { InspectionFacts } from '../catalog/format-inspection.ts';

const modelName = /^[^/]+\.onnx$/i;
const preferredName = 'model.onnx';
/** What is said of a single file, and not of a folder that holds the other files. */
const ofSingleFiles: ReadonlySet<string> = new Set(['external-data', 'external-data-escapes']);

/** A folder with ONNX models at its top, such as one with weights in files of their own. */
export async function detectOnnxFolder(probe: FolderProbe): Promise<DetectionFacts | undefined> {
  const path = mainModel(probe);
  if (path === undefined || (await probe.inspect(path)).format !== 'onnx') return undefined;
  const others = modelPaths(probe).length - 1;
  return {
    evidence: [`${path} is an ONNX model${others === 0 ? '' : `, and there are ${others} more beside it`}.`],
  };
}

/** Describes the one model of a folder, or the one called `model.onnx`, or the first. */
export async function inspectOnnxFolder(probe: FolderProbe): Promise<InspectionFacts> {
  const path = mainModel(probe);
  if (path === undefined) return {};
  const { summary, inputs, outputs, tensors = [], metadata, warnings = [] } = await probe.inspect(path);
  const kept = warnings.filter(({ code }) => !ofSingleFiles.has(code));
  return {
    summary: { fileCount: probe.entries.length, models: modelPaths(probe), ...summary },
    ...(inputs === undefined ? {} : { inputs }),
    ...(outputs === undefined ? {} : { outputs }),
    ...(metadata === undefined ? {} : { metadata }),
    // Ranges are of one file, and the folder has several.
    tensors: tensors.map(({ byteRange: _range, ...tensor }) => tensor),
    members: probe.entries.map((entry) => (entry.path === path ? { ...entry, format: 'onnx' } : entry)),
    ...(kept.length === 0 ? {} : { warnings: kept }),
  };
}

function modelPaths(probe: FolderProbe): readonly string[] {
  return probe.entries.filter(({ path }) => modelName.test(path)).map(({ path }) => path);
}

function mainModel(probe: FolderProbe): string | undefined {
  const paths = modelPaths(probe);
  return paths.includes(preferredName) ? preferredName : paths[0];
}
