import type { SerializationFormat } from '@holdfast/domain';
import type { FolderProbe } from '../catalog/format-handler.ts';
import { FormatError } from '../format-error.ts';
import { JsonReader, type JsonTree } from './json-reader.ts';

const largestFileBytes = 32 * 1024 * 1024;

/**
 * Reads a JSON file of a folder whose root must be an object.
 *
 * @throws FormatError naming the file, when it is too large or not such a document.
 */
export async function readJsonFile(
  probe: FolderProbe,
  path: string,
  format: SerializationFormat,
): Promise<ReadonlyMap<string, JsonTree>> {
  const reader = await probe.reader(path);
  const fail = (reason: string, offset: number): FormatError =>
    new FormatError({ format, path, offset, reason });
  if (reader.sizeBytes > largestFileBytes)
    throw fail(`the file is larger than ${largestFileBytes} bytes`, largestFileBytes);
  const json = new JsonReader(await reader.read(0, reader.sizeBytes), ({ reason, offset }) =>
    fail(reason, offset),
  );
  const root = json.value();
  json.end();
  if (!(root instanceof Map)) throw fail('the document is no object', 0);
  return root;
}
