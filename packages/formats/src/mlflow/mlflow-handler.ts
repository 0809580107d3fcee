import type { JsonValue } from '@holdfast/domain';
import type { ScanNote } from '../catalog/format-detection.ts';
import type { DetectionFacts, FolderProbe, FormatHandler } from '../catalog/format-handler.ts';
import type { InspectionFacts, ModelValue } from '../catalog/format-inspection.ts';
import { DetailLimit } from '../detail-limit.ts';
import { readYaml, type YamlTree } from '../yaml/read-yaml.ts';
import { readMlflowSignature } from './read-mlflow-signature.ts';

const modelName = 'MLmodel';
/** Parsing YAML costs so much more than reading it. */
const chargePerByte = 15;
const pickledFile = /\.(?:pkl|pickle|joblib|pt|pth|cloudpickle)$/;

/**
 * A model folder of MLflow: its `MLmodel` file names flavours, and often a signature.
 *
 * @see https://mlflow.org/docs/latest/ml/model for the file
 */
export const mlflowHandler: FormatHandler = {
  format: 'mlflow_model',

  async detectFolder(probe: FolderProbe): Promise<DetectionFacts | undefined> {
    const model = await modelOf(probe);
    if (model === undefined) return undefined;
    const scan = scanOf(probe);
    return {
      evidence: [`MLmodel names the flavours ${[...model.flavors.keys()].join(', ')}.`],
      ...(scan === undefined ? {} : { scan }),
    };
  },

  async inspectFolder(probe: FolderProbe): Promise<InspectionFacts> {
    const model = await modelOf(probe);
    if (model === undefined) return {};
    const signature = model.root.get('signature');
    const inputs = signatureValues(signature, 'inputs');
    const outputs = signatureValues(signature, 'outputs');
    warnOfMissingFiles(probe, model);
    return {
      summary: {
        fileCount: probe.entries.length,
        flavors: Object.fromEntries([...model.flavors].map(([name, flavor]) => [name, plain(flavor)])),
        ...textFacts(model.root),
      },
      ...(inputs === undefined ? {} : { inputs }),
      ...(outputs === undefined ? {} : { outputs }),
      members: probe.entries,
    };
  },
};

interface MlflowModel {
  readonly root: ReadonlyMap<string, YamlTree>;
  readonly flavors: ReadonlyMap<string, YamlTree>;
}

const models = new WeakMap<FolderProbe, Promise<MlflowModel | undefined>>();

function modelOf(probe: FolderProbe): Promise<MlflowModel | undefined> {
  const model = models.get(probe) ?? readModel(probe).catch(inMlflow);
  models.set(probe, model);
  return model;
}

/** A limit that was met in a file of this name leaves no doubt about the folder. */
function inMlflow(error: unknown): never {
  if (!DetailLimit.isInstance(error)) throw error;
  throw new DetailLimit({ reason: `MLmodel is not described, ${error.reason}`, format: 'mlflow_model' });
}

async function readModel(probe: FolderProbe): Promise<MlflowModel | undefined> {
  if (!probe.has(modelName)) return undefined;
  const reader = await probe.reader(modelName);
  reader.charge(reader.sizeBytes * chargePerByte);
  const text = new TextDecoder().decode(await reader.read(0, reader.sizeBytes));
  const root = await readYaml(text);
  const flavors = isMap(root) ? root.get('flavors') : undefined;
  if (!isMap(root) || flavors === undefined || !isMap(flavors) || flavors.size === 0) {
    probe.note('There is a file MLmodel, but it names no flavours.');
    return undefined;
  }
  return { root, flavors };
}

/** Flavours name files and folders by keys such as these. */
const pathKey =
  /^(?:model_path|pickled_model|model_data|data|model_file|saved_model_dir|serialized_.*|pipeline_path)$/;

function warnOfMissingFiles(probe: FolderProbe, { flavors }: MlflowModel): void {
  const missing = new Map<string, string>();
  for (const [flavor, fields] of flavors)
    for (const path of isMap(fields) ? filesOf(fields) : [])
      if (!isThere(probe, path) && !missing.has(path)) missing.set(path, flavor);
  for (const [path, flavor] of missing)
    probe.warn({
      code: 'file-missing',
      message: `${path} is missing: the flavour ${flavor} of MLmodel names it.`,
    });
}

function filesOf(flavor: ReadonlyMap<string, YamlTree>): string[] {
  return [...flavor]
    .flatMap(([key, value]) => (pathKey.test(key) && typeof value === 'string' ? [value] : []))
    .map((value) => value.replace(/^\.\//, '').replace(/\/$/, ''))
    .filter((path) => !/^(?:|\.|null|~)$/.test(path));
}

function isThere(probe: FolderProbe, path: string): boolean {
  return probe.has(path) || probe.entries.some((entry) => entry.path.startsWith(`${path}/`));
}

function scanOf(probe: FolderProbe): ScanNote | undefined {
  const path = probe.entries.find((entry) => pickledFile.test(entry.path))?.path;
  return path === undefined
    ? undefined
    : {
        verdict: 'unscanned',
        reason: `${path} is named like a pickle, which can run code when it is loaded.`,
      };
}

function signatureValues(signature: YamlTree | undefined, key: string): ModelValue[] | undefined {
  const text = signature !== undefined && isMap(signature) ? signature.get(key) : undefined;
  return typeof text === 'string' ? readMlflowSignature(text) : undefined;
}

function textFacts(root: ReadonlyMap<string, YamlTree>): { [key: string]: JsonValue } {
  const facts: { [key: string]: JsonValue } = {};
  for (const [key, name] of [
    ['mlflow_version', 'mlflowVersion'],
    ['model_uuid', 'modelUuid'],
    ['run_id', 'runId'],
    ['utc_time_created', 'createdAt'],
  ] as const) {
    const value = root.get(key);
    if (typeof value === 'string') facts[name] = value;
  }
  return facts;
}

function isMap(tree: YamlTree): tree is ReadonlyMap<string, YamlTree> {
  return tree instanceof Map;
}

function plain(tree: YamlTree): JsonValue {
  if (typeof tree === 'string') return tree;
  if (isMap(tree)) return Object.fromEntries([...tree].map(([key, value]) => [key, plain(value)]));
  return tree.map(plain);
}
