/** A safetensors file with one tensor of 32-bit numbers, as https://github.com/huggingface/safetensors describes it. */
export function safetensorsFile(valueCount: number, seed = 1): Buffer {
  const sizeBytes = valueCount * 4;
  const json = JSON.stringify({
    weight: { dtype: 'F32', shape: [valueCount], data_offsets: [0, sizeBytes] },
  });
  const header = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.byteLength));
  return Buffer.concat([length, header, sampleBytes(sizeBytes, seed)]);
}

/** An ONNX model of one node, y = Relu(x), with `x` and `y` of shape [4], and an initializer that makes it larger. */
export function onnxFile(initializerCount = 4): Buffer {
  const floatTensor = (name: string): Buffer =>
    message([1, name], [2, message([1, message([1, 1], [2, message([1, message([1, 4])])])])]);
  const initializer = message(
    [1, initializerCount],
    [2, 1],
    [8, 'w'],
    [9, sampleBytes(initializerCount * 4, 7)],
  );
  const node = message([1, 'x'], [2, 'y'], [4, 'Relu']);
  const graph = message(
    [1, node],
    [2, 'sample'],
    [5, initializer],
    [11, floatTensor('x')],
    [12, floatTensor('y')],
  );
  return message([1, 8], [7, graph], [8, message([1, ''], [2, 17])]);
}

/** Bytes that look random and are the same on every machine. */
export function sampleBytes(sizeBytes: number, seed: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes);
  let state = seed;
  for (let index = 0; index < sizeBytes; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

type Field = readonly [number: number, value: number | string | Buffer];

/** A protocol-buffers message of whole numbers and of what has a length. */
function message(...fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([number, value]) => {
      if (typeof value === 'number') return [varint(number << 3), varint(value)];
      const bytes = Buffer.from(value as string);
      return [varint((number << 3) | 2), varint(bytes.byteLength), bytes];
    }),
  );
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}
