import { describe, expect, it } from 'vitest';
import { bytesSource, detectFormat } from '../index.ts';
import { ProtobufWriter } from '../protobuf/protobuf-writer.ts';

function write(build: (writer: ProtobufWriter) => void): Uint8Array {
  const writer = new ProtobufWriter();
  build(writer);
  return writer.finish();
}

describe('other protobuf files', () => {
  it.each<[string, Uint8Array]>([
    [
      'a SavedModel',
      write((saved) =>
        saved
          .integer(1, 1)
          .message(2, (graph) =>
            graph
              .message(1, (info) => info.text(4, 'serve'))
              .message(2, (def) => def.message(1, (node) => node.text(1, 'x').text(2, 'Const'))),
          ),
      ),
    ],
    [
      'a GraphDef',
      write((graph) =>
        graph
          .message(1, (node) => node.text(1, 'x').text(2, 'Placeholder'))
          .message(4, (versions) => versions.integer(1, 27)),
      ),
    ],
    [
      'a Core ML model',
      write((model) =>
        model
          .integer(1, 4)
          .message(2, (description) => description.message(1, (input) => input.text(1, 'image')))
          .message(500, (network) => network.message(1, (layer) => layer.text(1, 'conv'))),
      ),
    ],
    ['a version and a text', write((message) => message.integer(1, 8).text(2, 'pytorch'))],
    [
      'a version and something where the graph would be',
      write((message) =>
        message
          .integer(1, 8)
          .text(7, 'not a graph')
          .message(8, (inner) => inner.integer(2, 17)),
      ),
    ],
    ['a number where the graph would be', write((message) => message.integer(1, 8).integer(7, 1))],
  ])('are not taken for ONNX: %s', async (_, bytes) => {
    expect(await detectFormat(bytesSource(bytes))).toMatchObject({ format: 'binary' });
    for (let length = 1; length < bytes.length; length += 1) {
      expect(await detectFormat(bytesSource(bytes.subarray(0, length)))).toMatchObject({ format: 'binary' });
    }
  });
});
