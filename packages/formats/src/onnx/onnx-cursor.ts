import { FormatError } from '../format-error.ts';
import { ProtobufCursor } from '../protobuf/protobuf-cursor.ts';
import type { BoundedReader } from '../source/bounded-reader.ts';

/** A cursor whose failures are ONNX errors. */
export function onnxCursor(reader: BoundedReader): ProtobufCursor {
  return new ProtobufCursor(reader, ({ reason, offset }) => onnxError(reason, offset));
}

/** An error of this format. */
export function onnxError(reason: string, offset: number): FormatError {
  return new FormatError({
    format: 'onnx',
    offset,
    reason,
    hint: 'The file is cut short or damaged: fetch it again, or export the model again.',
  });
}
