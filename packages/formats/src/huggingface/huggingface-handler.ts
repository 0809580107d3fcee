import type { JsonValue } from '@holdfast/domain';
import type { DetectionFacts, FolderProbe, FormatHandler } from '../catalog/format-handler.ts';
import type { FormatInspection, InspectionFacts, MemberDescription } from '../catalog/format-inspection.ts';
import type { JsonTree } from '../json/json-reader.ts';
import { plainJson } from '../json/plain-json.ts';
import { readJsonFile } from '../json/read-json-file.ts';
import { shapeElementCount } from '../tensor/shape-element-count.ts';
import type { TensorDescription } from '../tensor/tensor-description.ts';
import { heldTensors, tensorListOf, tensorsOf } from '../tensor/tensor-list.ts';

const configName = 'config.json';
const weightNames = [
  /^(?:model|diffusion_pytorch_model|adapter_model)(?:[.-][^/]*)?\.safetensors$/,
  /^(?:pytorch_model|adapter_model)(?:-[^/]*)?\.bin$/,
  /^(?:tf_model\.h5|flax_model\.msgpack)$/,
  /^(?:onnx\/)?(?:model|decoder_model|encoder_model)[^/]*\.onnx$/,
];
const tokenizerNames =
  /^(?:tokenizer\.json|tokenizer_config\.json|tokenizer\.model|vocab\.(?:txt|json)|spiece\.model)$/;
const shownConfigKeys: readonly (readonly [string, string])[] = [
  ['model_type', 'modelType'],
  ['architectures', 'architectures'],
  ['torch_dtype', 'torchDtype'],
  ['dtype', 'dtype'],
  ['transformers_version', 'transformersVersion'],
  ['hidden_size', 'hiddenSize'],
  ['num_hidden_layers', 'hiddenLayerCount'],
  ['vocab_size', 'vocabularySize'],
];
const inspectedWeightFiles = 256;

/**
 * A model folder of the Hugging Face Hub: `config.json` names a model type or architectures, and
 * weights or a tokenizer lie beside it. Weights are described by what they hold.
 *
 * @see https://huggingface.co/docs/transformers/main_classes/configuration
 */
export const huggingfaceHandler: FormatHandler = {
  format: 'huggingface',

  async detectFolder(probe: FolderProbe): Promise<DetectionFacts | undefined> {
    if (!probe.has(configName)) return undefined;
    const weights = weightPaths(probe);
    const hasTokenizer = probe.entries.some((entry) => tokenizerNames.test(entry.path));
    if (weights.length === 0 && !hasTokenizer) return undefined;
    const config = await readJsonFile(probe, configName, 'huggingface');
    if (config === undefined) return undefined;
    const stated = ['model_type', 'architectures', '_class_name'].find((key) => config.has(key));
    if (stated === undefined) {
      probe.note('config.json states neither model_type nor architectures.');
      return undefined;
    }
    const evidence = [
      `config.json states ${stated}: ${JSON.stringify(plainJson(config.get(stated) ?? null))}.`,
    ];
    if (hasTokenizer) evidence.push('There are files of a tokenizer beside it.');
    const [first] = weights;
    if (first === undefined) return { evidence };
    const inspection = await probe.inspect(first);
    evidence.push(`${first} is ${inspection.format}.`);
    return { evidence, ...(inspection.scan === undefined ? {} : { scan: inspection.scan }) };
  },

  async inspectFolder(probe: FolderProbe): Promise<InspectionFacts> {
    const config = (await readJsonFile(probe, configName, 'huggingface')) ?? new Map();
    const inspections = new Map<string, FormatInspection>();
    for (const path of weightPaths(probe).slice(0, inspectedWeightFiles))
      inspections.set(path, await probe.inspect(path));
    const { tensorCount, parameterCount, list } = joinTensors([...inspections.values()]);
    const scan = [...inspections.values()].find((inspection) => inspection.scan !== undefined)?.scan;
    return {
      summary: {
        fileCount: probe.entries.length,
        ...configFacts(config),
        weightFileCount: inspections.size,
        tensorCount,
        parameterCount,
      },
      ...(tensorCount === 0 ? {} : heldTensors(list)),
      members: probe.entries.map((entry): MemberDescription => {
        const format = inspections.get(entry.path)?.format;
        return format === undefined ? entry : { ...entry, format };
      }),
      ...(scan === undefined ? {} : { scan }),
    };
  },
};

function weightPaths(probe: FolderProbe): string[] {
  for (const pattern of weightNames) {
    const paths = probe.entries.filter((entry) => pattern.test(entry.path)).map((entry) => entry.path);
    if (paths.length > 0) return paths;
  }
  return [];
}

function configFacts(config: ReadonlyMap<string, JsonTree>): { [key: string]: JsonValue } {
  const facts: { [key: string]: JsonValue } = {};
  for (const [key, name] of shownConfigKeys) {
    const value = config.get(key);
    if (value !== undefined) facts[name] = plainJson(value);
  }
  return facts;
}

/** The tensors of several files as one list. Ranges are of one file, so they are left out. */
function joinTensors(files: readonly FormatInspection[]) {
  let [tensorCount, parameterCount] = [0, 0];
  for (const { tensors = [], tensorList, summary } of files) {
    tensorCount += tensorList?.count ?? tensors.length;
    parameterCount +=
      tensorList === undefined
        ? tensors.reduce((total, { shape }) => total + (shapeElementCount(shape) ?? 0), 0)
        : Number(summary['parameterCount']);
  }
  return { tensorCount, parameterCount, list: tensorListOf(tensorCount, () => allOf(files)) };
}

function* allOf(files: readonly FormatInspection[]): Iterable<TensorDescription> {
  for (const file of files) for (const { byteRange: _range, ...tensor } of tensorsOf(file)) yield tensor;
}
