import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../test/support/refusal-of.ts';
import {
  bytesSource,
  detectFolderFormat,
  encodeSafetensors,
  type FolderSource,
  inspectFolder,
  sampleClassifier,
} from '../index.ts';
import { ProtobufWriter } from '../protobuf/protobuf-writer.ts';

function folder(files: { readonly [path: string]: Uint8Array | string }): FolderSource {
  const contents = new Map(
    Object.entries(files).map(([path, content]) => [
      path,
      typeof content === 'string' ? new TextEncoder().encode(content) : content,
    ]),
  );
  return {
    entries: [...contents].map(([path, bytes]) => ({ path, sizeBytes: bytes.length })),
    open: (path) => bytesSource(contents.get(path) ?? new Uint8Array(0)),
  };
}

/** A graph with one signature: `x` of [-1, 3] to `y` of open rank. */
function savedModel(): Uint8Array {
  return new ProtobufWriter()
    .integer(1, 1)
    .message(2, (graph) =>
      graph
        .message(1, (info) => info.text(4, 'serve').text(5, '2.15.0'))
        .bytes(2, new Uint8Array(100_000))
        .message(5, (entry) => entry.text(1, '__saved_model_init_op').message(2, () => {}))
        .message(5, (entry) =>
          entry.text(1, 'serving_default').message(2, (signature) =>
            signature
              .message(1, (input) =>
                input.text(1, 'x').message(2, (tensor) =>
                  tensor
                    .text(1, 'serving_x:0')
                    .integer(2, 1)
                    .message(3, (shape) =>
                      shape
                        .message(2, (extent) => extent.integer(1, -1))
                        .message(2, (extent) => extent.integer(1, 3)),
                    ),
                ),
              )
              .message(2, (output) =>
                output
                  .text(1, 'y')
                  .message(2, (tensor) => tensor.integer(2, 9).message(3, (shape) => shape.integer(3, 1))),
              )
              .text(3, 'tensorflow/serving/predict'),
          ),
        ),
    )
    .finish();
}

const mlmodel = `artifact_path: model
flavors:
  python_function:
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.sklearn
    model_path: model.pkl
  sklearn:
    code: null
    pickled_model: model.pkl
mlflow_version: 2.9.2
signature:
  inputs: '[{"type": "double", "name": "it''s a name", "required": true}, {"type":
    "long", "required": true}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1, 2]}}]'
  params: null
utc_time_created: '2024-01-02 03:04:05.678901'
`;

const weights = encodeSafetensors({
  tensors: [{ name: 'w', dtype: 'F32', shape: [4], data: new Uint8Array(16) }],
});

describe('a SavedModel folder', () => {
  const files = {
    'saved_model.pb': savedModel(),
    'variables/variables.index': 'x',
    'variables/variables.data-00000-of-00001': 'x',
  };

  it('is told by its protobuf, and its signatures are described', async () => {
    expect(await inspectFolder(folder(files))).toMatchObject({
      format: 'tensorflow_savedmodel',
      summary: {
        tags: [['serve']],
        tensorflowVersion: '2.15.0',
        hasVariables: true,
        signatures: [{ name: 'serving_default', methodName: 'tensorflow/serving/predict' }],
      },
      inputs: [{ name: 'x', type: 'tensor(float32)', shape: [null, 3] }],
      outputs: [{ name: 'y', type: 'tensor(int64)' }],
    });
  });

  it('that is cut short is refused, naming the file', async () => {
    const cut = folder({ ...files, 'saved_model.pb': savedModel().subarray(0, 5000) });
    expect(await refusalOf(() => detectFolderFormat(cut))).toMatchObject({
      format: 'tensorflow_savedmodel',
      path: 'saved_model.pb',
      offset: 5000,
    });
  });

  it('is none with another protobuf of that name', async () => {
    expect(await detectFolderFormat(folder({ 'saved_model.pb': sampleClassifier(1).onnx }))).toMatchObject({
      format: 'binary',
    });
  });
});

describe('an MLflow folder', () => {
  it('is told by the flavours in its MLmodel, and its signature is described', async () => {
    expect(await inspectFolder(folder({ MLmodel: mlmodel, 'model.pkl': 'x' }))).toMatchObject({
      format: 'mlflow_model',
      evidence: ['MLmodel names the flavours python_function, sklearn.'],
      summary: {
        flavors: {
          python_function: { env: { conda: 'conda.yaml' } },
          sklearn: { pickled_model: 'model.pkl' },
        },
        mlflowVersion: '2.9.2',
        createdAt: '2024-01-02 03:04:05.678901',
      },
      inputs: [
        { name: "it's a name", elementType: 'float64' },
        { name: '1', elementType: 'int64' },
      ],
      outputs: [{ kind: 'tensor', elementType: 'int64', shape: [null, 2] }],
      scan: { verdict: 'unscanned' },
    });
  });

  it('is none where MLmodel names no flavour', async () => {
    expect(await detectFolderFormat(folder({ MLmodel: 'artifact_path: model\n' }))).toMatchObject({
      format: 'binary',
    });
  });

  it.each<[string, object]>([
    ['flavors:\n  a: &anchor x\n  b: *anchor\n', { a: 'x', b: 'x' }],
    ['base: &b\n  k: 1\nflavors:\n  a:\n    <<: *b\n    c: 2\n', { a: { k: '1', c: '2' } }],
    ['flavors: {a: {b: [c, d]}}\n', { a: { b: ['c', 'd'] } }],
    ['flavors:\n  a: 1\n  a: 2\n', { a: '2' }],
    [`flavors:\n  ? ${'k'.repeat(2000)}\n  : 1\n`, { ['k'.repeat(2000)]: '1' }],
    ['flavors:\n  a: !!python/name:os.system x\n', { a: 'x' }],
  ])('may be written in any form of YAML: %j', async (text, flavors) => {
    const { format, summary } = await inspectFolder(folder({ MLmodel: text }));
    expect(format).toBe('mlflow_model');
    expect(summary['flavors']).toEqual(flavors);
  });

  it('that repeats itself without end is described in less detail', async () => {
    const levels = Array.from({ length: 30 }, (_, index) => {
      const alias = index === 0 ? 'x' : `*l${index - 1}`;
      return `l${index}: &l${index} [${Array.from({ length: 10 }, () => alias).join(', ')}]`;
    });
    const text = `${levels.join('\n')}\nflavors: {a: 1}\n`;
    expect(await inspectFolder(folder({ MLmodel: text }))).toMatchObject({
      format: 'mlflow_model',
      warnings: [{ code: 'detail-limited' }],
    });
  });

  it.each([
    ['flavors:\n  a: 1\n   b: 2\n', 2],
    ["flavors:\n  a: 'x\n", 3],
  ])('with a text that is not read as YAML, which MLflow may read, says where: %j', async (text, line) => {
    expect(await inspectFolder(folder({ MLmodel: text }))).toMatchObject({
      format: 'mlflow_model',
      warnings: [{ code: 'detail-limited', message: expect.stringContaining(`line ${line} is not YAML`) }],
    });
  });
});

describe('a Hugging Face folder', () => {
  const config = JSON.stringify({ model_type: 'bert', architectures: ['BertModel'], hidden_size: 8 });

  it('is told by its configuration and weights, which are looked at', async () => {
    const files = {
      'config.json': config,
      'model-00001-of-00002.safetensors': weights,
      'model-00002-of-00002.safetensors': weights,
      'tokenizer.json': '{}',
    };
    expect(await inspectFolder(folder(files))).toMatchObject({
      format: 'huggingface',
      summary: {
        modelType: 'bert',
        architectures: ['BertModel'],
        hiddenSize: 8,
        weightFileCount: 2,
        parameterCount: 8,
      },
      members: [
        { path: 'config.json' },
        { path: 'model-00001-of-00002.safetensors', format: 'safetensors' },
        {},
        {},
      ],
    });
  });

  it('with broken weights is refused, naming the file', async () => {
    const files = { 'config.json': config, 'model.safetensors': weights.subarray(0, 40) };
    expect(await refusalOf(() => detectFolderFormat(folder(files)))).toMatchObject({
      format: 'safetensors',
      path: 'model.safetensors',
      offset: 40,
    });
  });

  it.each<[string, { readonly [path: string]: Uint8Array | string }]>([
    ['no weights and no tokenizer', { 'config.json': config }],
    ['a configuration of something else', { 'config.json': '{"port": 80}', 'model.safetensors': weights }],
  ])('is none with %s', async (_, files) => {
    expect(await detectFolderFormat(folder(files))).toMatchObject({ format: 'binary' });
  });
});

describe('an Orbax folder', () => {
  const metadata = JSON.stringify({
    tree_metadata: {
      "('params', 'w')": {
        key_metadata: [
          { key: 'params', key_type: 2 },
          { key: 'w', key_type: 2 },
        ],
        value_metadata: { value_type: 'jax.Array', write_shape: [2, 3] },
      },
    },
  });

  it('is told by the tree that it describes', async () => {
    const files = {
      'default/_METADATA': metadata,
      'default/manifest.ocdbt': 'x',
      _CHECKPOINT_METADATA: '{}',
    };
    expect(await inspectFolder(folder(files))).toMatchObject({
      format: 'jax_params',
      summary: {
        form: 'orbax',
        storage: 'ocdbt',
        parameters: [{ name: 'params/w', shape: [2, 3] }],
        parameterCount: 6,
      },
    });
  });

  it('is none without data', async () => {
    expect(await detectFolderFormat(folder({ _METADATA: metadata }))).toMatchObject({ format: 'binary' });
  });
});

describe('any other folder', () => {
  it('is binary, with the number of its files', async () => {
    expect(await inspectFolder(folder({ 'a.txt': 'x', 'b.txt': 'yy' }))).toMatchObject({
      format: 'binary',
      sizeBytes: 3,
      summary: { fileCount: 2 },
    });
  });

  it('is refused where another format is asked for', async () => {
    expect(
      await refusalOf(() => inspectFolder(folder({ 'a.txt': 'x' }), { format: 'huggingface' })),
    ).toMatchObject({
      format: 'huggingface',
    });
  });
});
