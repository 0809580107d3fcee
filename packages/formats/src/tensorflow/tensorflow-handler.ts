import type { DetectionFacts, FolderProbe, FormatHandler } from '../catalog/format-handler.ts';
import type { InspectionFacts } from '../catalog/format-inspection.ts';
import { readSavedModel, type SavedModelFacts } from './read-saved-model.ts';

const modelName = 'saved_model.pb';
const servingSignature = 'serving_default';

/** A SavedModel folder of TensorFlow: signatures are described, graphs and variables are not read. */
export const tensorflowHandler: FormatHandler = {
  format: 'tensorflow_savedmodel',

  async detectFolder(probe: FolderProbe): Promise<DetectionFacts | undefined> {
    const facts = await modelOf(probe);
    if (facts === undefined) return undefined;
    const tags = facts.metaGraphs.map(({ tags: names }) => names.join('+')).join(', ');
    const evidence = [
      `saved_model.pb holds ${facts.metaGraphs.length} graphs with the tags ${tags || 'none'}.`,
    ];
    if (hasVariables(probe)) evidence.push('There are variables beside it.');
    return { evidence };
  },

  async inspectFolder(probe: FolderProbe): Promise<InspectionFacts> {
    const facts = await modelOf(probe);
    if (facts === undefined) return {};
    warnOfMissingVariables(probe);
    const signatures = facts.metaGraphs.flatMap((graph) => graph.signatures);
    const serving = signatures.find(({ name }) => name === servingSignature) ?? signatures[0];
    return {
      summary: {
        fileCount: probe.entries.length,
        schemaVersion: facts.schemaVersion,
        tensorflowVersion: facts.metaGraphs[0]?.tensorflowVersion ?? null,
        tags: facts.metaGraphs.map((graph) => graph.tags),
        hasVariables: hasVariables(probe),
        signatures: signatures.map(({ name, methodName, inputs, outputs }) => ({
          name,
          methodName,
          inputs: inputs.map((value) => `${value.name}: ${value.type}`),
          outputs: outputs.map((value) => `${value.name}: ${value.type}`),
        })),
      },
      ...(serving === undefined ? {} : { inputs: serving.inputs, outputs: serving.outputs }),
      members: probe.entries,
    };
  },
};

async function modelOf(probe: FolderProbe): Promise<SavedModelFacts | undefined> {
  if (!probe.has(modelName)) return undefined;
  const facts = await readSavedModel(await probe.reader(modelName), modelName);
  if (facts === undefined) probe.note('saved_model.pb is not the protobuf of a SavedModel.');
  return facts;
}

function warnOfMissingVariables(probe: FolderProbe): void {
  const hasData = probe.entries.some(({ path }) => path.startsWith('variables/variables.data-'));
  if (hasVariables(probe) && !hasData)
    probe.warn({
      code: 'file-missing',
      message: 'variables/variables.data-00000-of-00001 is missing: variables/variables.index promises it.',
    });
  if (!hasVariables(probe) && hasData)
    probe.warn({
      code: 'file-missing',
      message: 'variables/variables.index is missing beside the data of the variables.',
    });
}

function hasVariables(probe: FolderProbe): boolean {
  return probe.has('variables/variables.index');
}
