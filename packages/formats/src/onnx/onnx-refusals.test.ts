import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../test/support/refusal-of.ts';
import {
  bytesSource,
  detectFormat,
  encodeOnnxModel,
  FormatError,
  inspect,
  type OnnxGraph,
  sampleClassifier,
} from '../index.ts';
import { ProtobufCursor } from '../protobuf/protobuf-cursor.ts';
import { ProtobufWriter } from '../protobuf/protobuf-writer.ts';
import { BoundedReader } from '../source/bounded-reader.ts';

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

describe('a broken ONNX model', () => {
  it('cut anywhere is refused with the offset, or, before it can be told, is binary', async () => {
    const { onnx } = sampleClassifier(7);
    const firstCertain = 4 + 'holdfast'.length + 1;
    const stillWhole = new Set(await boundariesAfterOperatorSets(onnx));
    for (let length = 0; length < onnx.length; length += 1) {
      const outcome = await detectFormat(bytesSource(onnx.subarray(0, length))).catch(
        (error: unknown) => error,
      );
      const isTold = length >= firstCertain;
      const isRefused = isTold && !stillWhole.has(length);
      expect(FormatError.isInstance(outcome)).toBe(isRefused);
      expect(outcome).toMatchObject({
        format: isTold ? 'onnx' : 'binary',
        ...(isRefused ? { offset: length } : {}),
      });
    }
  });

  it('without a producer, cut within the graph, is refused too', async () => {
    const onnx = encodeOnnxModel({ graph: identity, operatorSets, producerName: '' });
    for (const length of [20, 30, 40, onnx.length - 7]) {
      expect(await refusalOf(() => detectFormat(bytesSource(onnx.subarray(0, length))))).toMatchObject({
        format: 'onnx',
      });
    }
  });

  it.each<[string, Uint8Array, RegExp]>([
    [
      'raw data that is not the shape',
      modelWith((graph) =>
        graph
          .text(2, 'g')
          .message(5, (tensor) =>
            tensor.packedIntegers(1, [3]).integer(2, 1).text(8, 'w').bytes(9, new Uint8Array(8)),
          ),
      ),
      /needs 12 bytes and has 8/,
    ],
    [
      'a negative extent',
      modelWith((graph) =>
        graph.text(2, 'g').message(5, (tensor) => tensor.integer(1, -3).integer(2, 1).text(8, 'w')),
      ),
      /impossible/,
    ],
    [
      'no operator sets',
      write((model) =>
        model
          .integer(1, 8)
          .text(2, 'pytorch')
          .message(7, (graph) => graph.text(2, 'a').text(10, 'b')),
      ),
      /operator sets/,
    ],
    [
      'rubbish after it',
      Uint8Array.from([...encodeOnnxModel({ graph: identity, operatorSets }), 0, 0]),
      /impossible number/,
    ],
    [
      'a message longer than its parent',
      Uint8Array.from([
        ...write((m) => m.integer(1, 8).text(2, 'pytorch')),
        0x3a,
        4,
        0x0a,
        9,
        1,
        1,
        0x42,
        2,
        0x10,
        17,
      ]),
      /nothing that a graph holds/,
    ],
  ])('with %s is refused', async (_, bytes, reason) => {
    const error = await refusalOf(() => inspect(bytesSource(bytes)));
    expect(error).toMatchObject({ format: 'onnx' });
    expect(error.reason).toMatch(reason);
    expect(error.offset).toBeLessThanOrEqual(bytes.length);
  });
});

describe('a valid ONNX model that is not read whole', () => {
  it.each<[string, Uint8Array, RegExp]>([
    [
      'a name that is no UTF-8',
      modelWith((graph) =>
        graph.message(1, (node) => node.bytes(4, Uint8Array.from([0xff, 0xfe]))).text(2, 'g'),
      ),
      /UTF-8/,
    ],
    [
      'types nested without end',
      modelWith((graph) => graph.text(2, 'g').message(11, (value) => value.bytes(2, nested(200, 4)))),
      /nested deeper/,
    ],
    ['graphs nested without end', modelWith((graph) => graph.bytes(1, nestedGraphs(60))), /nested deeper/],
    [
      'metadata of more than 1 MiB',
      write((model) =>
        model
          .integer(1, 8)
          .text(2, 'acme')
          .message(7, (graph) => graph.text(2, 'g').text(10, 'b'))
          .message(8, (set) => set.integer(2, 17))
          .message(14, (pair) => pair.text(1, 'k').text(2, 'x'.repeat(1_100_000))),
      ),
      /longer than the 1048576 bytes/,
    ],
    [
      'a group',
      Uint8Array.from([...encodeOnnxModel({ graph: identity, operatorSets }), 0xf3, 6, 0xf4, 6]),
      /group/,
    ],
  ])('for %s is described, with a warning', async (_, bytes, reason) => {
    const { format, warnings } = await inspect(bytesSource(bytes));
    expect(format).toBe('onnx');
    expect(warnings?.map(({ code }) => code)).toContain('detail-limited');
    expect(warnings?.map(({ message }) => message).join('\n')).toMatch(reason);
  });

  it('keeps what was read before the limit', async () => {
    const bytes = modelWith((graph) =>
      graph
        .message(1, (node) => node.text(4, 'Relu'))
        .text(2, 'g')
        .bytes(1, nestedGraphs(60)),
    );
    expect(await inspect(bytesSource(bytes))).toMatchObject({
      summary: { graphName: 'g', nodeCount: 1, operators: { Relu: 1 } },
    });
  });

  it('has its two graphs joined, as protobuf joins them', async () => {
    const bytes = write((model) =>
      model
        .integer(1, 8)
        .message(7, (graph) => graph.message(1, (node) => node.text(4, 'Relu')).text(2, 'a'))
        .message(7, (graph) => graph.message(1, (node) => node.text(4, 'Add')).text(2, 'b'))
        .message(8, (set) => set.integer(2, 17)),
    );
    expect(await inspect(bytesSource(bytes))).toMatchObject({
      summary: { graphName: 'b', operators: { Add: 1, Relu: 1 } },
    });
  });

  it('has weights elsewhere, whatever older writers left in the place of raw data', async () => {
    const bytes = modelWith((graph) =>
      graph
        .message(1, (node) => node.text(4, 'Relu'))
        .message(5, (tensor) =>
          tensor
            .packedIntegers(1, [4])
            .integer(2, 1)
            .text(8, 'w')
            .text(9, '__EXTERNAL')
            .message(13, (pair) => pair.text(1, 'location').text(2, 'a.bin'))
            .integer(14, 1),
        ),
    );
    const { tensors, warnings } = await inspect(bytesSource(bytes));
    expect(tensors).toEqual([
      expect.objectContaining({ name: 'w', externalData: { location: 'a.bin', escapes: false } }),
    ]);
    expect(tensors?.[0]?.byteRange).toBeUndefined();
    expect(warnings).toMatchObject([{ code: 'external-data' }]);
  });
});

/** Where the file could end and still be a model: its metadata comes last. */
async function boundariesAfterOperatorSets(onnx: Uint8Array): Promise<number[]> {
  const cursor = new ProtobufCursor(new BoundedReader(bytesSource(onnx)), ({ reason }) => new Error(reason));
  const boundaries: number[] = [];
  await cursor.fields({ start: 0, end: onnx.length }, (field) => {
    if (field.number >= 8) boundaries.push(field.end);
  });
  return boundaries;
}

function nested(depth: number, field: number): Uint8Array {
  let bytes = new Uint8Array(0);
  for (let level = 0; level < depth; level += 1) {
    const inner = bytes;
    bytes = Uint8Array.from(write((type) => type.message(field, (container) => container.bytes(1, inner))));
  }
  return bytes;
}

function nestedGraphs(depth: number): Uint8Array {
  let node = Uint8Array.from(write((writer) => writer.text(4, 'If')));
  for (let level = 0; level < depth; level += 1) {
    const inner = node;
    node = Uint8Array.from(
      write((writer) =>
        writer
          .text(4, 'If')
          .message(5, (attribute) => attribute.text(1, 'b').message(6, (graph) => graph.bytes(1, inner))),
      ),
    );
  }
  return node;
}
