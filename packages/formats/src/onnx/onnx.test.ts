import { describe, expect, it } from 'vitest';
import { countingSource } from '../../test/support/counting-source.ts';
import { bytesSource, encodeOnnxModel, inspect, type OnnxGraph, sampleClassifier } from '../index.ts';
import { ProtobufWriter } from '../protobuf/protobuf-writer.ts';

const identity: OnnxGraph = {
  name: 'g',
  nodes: [{ operator: 'Identity', inputs: ['x'], outputs: ['y'] }],
  inputs: [{ name: 'x', elementType: 'float32', shape: ['n', 3] }],
  outputs: [{ name: 'y', elementType: 'float32', shape: ['n', 3] }],
};
const operatorSets = [{ domain: '', version: 17 }];

function write(build: (writer: ProtobufWriter) => void): Uint8Array {
  const writer = new ProtobufWriter();
  build(writer);
  return writer.finish();
}

/** A model whose graph is written by hand. */
function modelWith(writeGraph: (graph: ProtobufWriter) => void): Uint8Array {
  return write((model) =>
    model
      .integer(1, 8)
      .message(7, writeGraph)
      .message(8, (set) => set.text(1, '').integer(2, 17)),
  );
}

describe('an ONNX model', () => {
  it('is described: versions, inputs, outputs, weights, operators, metadata', async () => {
    const { onnx } = sampleClassifier(7);
    const result = await inspect(bytesSource(onnx));
    expect(result).toMatchObject({
      format: 'onnx',
      sizeBytes: onnx.length,
      summary: {
        irVersion: 8,
        producerName: 'holdfast',
        graphName: 'sample_classifier',
        operatorSets: { 'ai.onnx': 17 },
        nodeCount: 4,
        operators: { Gemm: 2, Relu: 1, Softmax: 1 },
        tensorCount: 4,
        parameterCount: 212,
      },
      inputs: [
        {
          name: 'features',
          kind: 'tensor',
          type: 'tensor(float32)',
          elementType: 'float32',
          shape: ['batch', 8],
        },
      ],
      outputs: [{ name: 'probabilities', shape: ['batch', 4] }],
      metadata: { task: 'classification', classes: 'normal,inner_race,ball,outer_race' },
    });
    const weight = result.tensors?.find(({ name }) => name === 'hidden.weight');
    expect(weight).toMatchObject({ dtype: 'FLOAT', elementType: 'float32', shape: [8, 16] });
    expect((weight?.byteRange?.end ?? 0) - (weight?.byteRange?.start ?? 0)).toBe(8 * 16 * 4);
    expect(result.warnings).toBeUndefined();
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it('is walked by ranges: weights cost nothing', async () => {
    const head = write((model) => model.integer(1, 8).text(2, 'pytorch'));
    const weightBytes = 2 ** 31;
    const lengthOf = (size: number): Uint8Array => write((writer) => writer.integer(1, size)).subarray(1);
    const tensorHead = write((tensor) =>
      tensor
        .packedIntegers(1, [weightBytes / 4])
        .integer(2, 1)
        .text(8, 'w'),
    );
    const rawTag = Uint8Array.from([9 * 8 + 2, ...lengthOf(weightBytes)]);
    const tensorBytes = tensorHead.length + rawTag.length + weightBytes;
    const graphTail = write((graph) => graph.message(12, (value) => value.text(1, 'y')));
    const tensorTag = Uint8Array.from([5 * 8 + 2, ...lengthOf(tensorBytes)]);
    const graphTag = Uint8Array.from([
      7 * 8 + 2,
      ...lengthOf(tensorTag.length + tensorBytes + graphTail.length),
    ]);
    const tail = write((model) => model.message(8, (set) => set.text(1, '').integer(2, 17)));
    const start = [...head, ...graphTag, ...tensorTag, ...tensorHead, ...rawTag];
    const end = [...graphTail, ...tail];
    const parts = new Map([
      [0, Uint8Array.from(start)],
      [start.length + weightBytes, Uint8Array.from(end)],
    ]);
    const source = countingSource({ sizeBytes: start.length + weightBytes + end.length, parts });
    const result = await inspect(source);
    expect(result).toMatchObject({
      format: 'onnx',
      outputs: [{ name: 'y' }],
      summary: { parameterCount: weightBytes / 4 },
    });
    expect(source.bytesRead).toBeLessThan(64 * 1024);
  });

  it('flags data in other files, and paths that lead out of the folder, wherever they hide', async () => {
    const external = (location: string) => (tensor: ProtobufWriter) =>
      tensor
        .packedIntegers(1, [2])
        .integer(2, 1)
        .text(8, 'w')
        .message(13, (entry) => entry.text(1, 'location').text(2, location))
        .message(13, (entry) => entry.text(1, 'offset').text(2, '4096'))
        .message(13, (entry) => entry.text(1, 'length').text(2, '8'))
        .integer(14, 1);
    const bytes = modelWith((graph) =>
      graph
        .message(1, (node) =>
          node
            .text(4, 'If')
            .message(5, (attribute) =>
              attribute
                .text(1, 'then_branch')
                .message(6, (inner) =>
                  inner.message(1, (constant) =>
                    constant
                      .text(4, 'Constant')
                      .message(5, (value) => value.text(1, 'value').message(5, external('../../etc/passwd'))),
                  ),
                ),
            ),
        )
        .text(2, 'g')
        .message(5, external('weights.bin')),
    );
    const result = await inspect(bytesSource(bytes));
    expect(result.tensors?.[0]?.externalData).toEqual({
      location: 'weights.bin',
      escapes: false,
      offset: 4096,
      lengthBytes: 8,
    });
    expect(result.warnings?.map(({ code }) => code)).toEqual(['external-data', 'external-data-escapes']);
    expect(result.warnings?.[1]?.message).toContain('../../etc/passwd');
    expect(result.warnings?.[1]?.message).not.toContain('weights.bin');
    expect(result.summary).toMatchObject({
      nodeCount: 2,
      subgraphCount: 1,
      operators: { Constant: 1, If: 1 },
    });
  });

  it('describes sequences, maps, optionals and values without a rank', async () => {
    const tensor = (type: ProtobufWriter): unknown => type.message(1, (inner) => inner.integer(1, 7));
    const value = (name: string, type: (writer: ProtobufWriter) => void) => (writer: ProtobufWriter) =>
      writer.text(1, name).message(2, type);
    const bytes = modelWith((graph) =>
      graph
        .text(2, 'g')
        .message(
          11,
          value('a', (type) => type.message(4, (list) => list.message(1, (inner) => void tensor(inner)))),
        )
        .message(
          11,
          value('b', (type) =>
            type.message(5, (map) => map.integer(1, 8).message(2, (inner) => void tensor(inner))),
          ),
        )
        .message(
          11,
          value('c', (type) =>
            type.message(9, (optional) => optional.message(1, (inner) => void tensor(inner))),
          ),
        )
        .message(
          11,
          value('d', (type) => void tensor(type)),
        )
        .message(
          11,
          value('e', (type) =>
            type.message(1, (inner) => inner.integer(1, 1).message(2, (shape) => shape.message(1, () => {}))),
          ),
        )
        .message(11, (writer) => writer.text(1, 'f')),
    );
    expect((await inspect(bytesSource(bytes))).inputs).toEqual([
      { name: 'a', kind: 'sequence', type: 'sequence(tensor(int64))' },
      { name: 'b', kind: 'map', type: 'map(string, tensor(int64))' },
      { name: 'c', kind: 'optional', type: 'optional(tensor(int64))' },
      { name: 'd', kind: 'tensor', type: 'tensor(int64)', elementType: 'int64' },
      { name: 'e', kind: 'tensor', type: 'tensor(float32)', elementType: 'float32', shape: [null] },
      { name: 'f', kind: 'unknown', type: 'unknown' },
    ]);
  });

  it('tells which inputs it holds a value for', async () => {
    const weight = { name: 'x', elementType: 'float32', shape: [1, 3], data: new Uint8Array(12) };
    const { inputs } = await inspect(
      bytesSource(encodeOnnxModel({ graph: { ...identity, initializers: [weight] }, operatorSets })),
    );
    expect(inputs?.[0]).toMatchObject({ name: 'x', hasDefault: true });
  });

  it('counts functions, and follows operators of other domains', async () => {
    const bytes = write((model) =>
      model
        .integer(1, 8)
        .message(7, (graph) => graph.message(1, (node) => node.text(4, 'Twice').text(7, 'acme')).text(2, 'g'))
        .message(8, (set) => set.text(1, 'acme').integer(2, 1))
        .message(25, (inner) =>
          inner
            .text(1, 'Twice')
            .message(7, (node) => node.text(4, 'Add'))
            .message(11, (attribute) =>
              attribute
                .text(1, 'value')
                .message(5, (tensor) =>
                  tensor.message(13, (entry) => entry.text(1, 'location').text(2, '/weights')).integer(14, 1),
                ),
            )
            .text(10, 'acme'),
        ),
    );
    const result = await inspect(bytesSource(bytes));
    expect(result.warnings?.map(({ code }) => code)).toContain('external-data-escapes');
    expect(result.summary).toMatchObject({
      functions: [{ domain: 'acme', name: 'Twice', nodeCount: 1 }],
      operators: { Add: 1, 'acme::Twice': 1 },
      operatorSets: { acme: 1 },
    });
  });
});
