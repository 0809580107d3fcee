import type { SerializationFormat } from '@holdfast/domain';
import type { FolderProbe } from '../catalog/format-handler.ts';
import { DetailLimit } from '../detail-limit.ts';
import { FormatError } from '../format-error.ts';
import { type JsonFailure, JsonReader, type JsonTree } from './json-reader.ts';
import { libertyWarning } from './liberty-warning.ts';

const largestFileBytes = 32 * 1024 * 1024;

class NotJson extends Error {
  readonly failure: JsonFailure;

  constructor(failure: JsonFailure) {
    super(failure.reason);
    this.failure = failure;
  }
}

/**
 * Reads a JSON file of a folder whose root is an object, as Python's `json` would. Gives
 * `undefined`, and a warning, for a text that is something else, such as JSON with comments.
 *
 * @throws FormatError naming the file, when the document breaks off: it is cut short.
 * @throws DetailLimit when it is larger, or deeper, than is read here.
 */
export async function readJsonFile(
  probe: FolderProbe,
  path: string,
  format: SerializationFormat,
): Promise<ReadonlyMap<string, JsonTree> | undefined> {
  const reader = await probe.reader(path);
  if (reader.sizeBytes > largestFileBytes)
    throw new DetailLimit({
      reason: `${path} is larger than the ${largestFileBytes} bytes that are read of it`,
    });
  const bytes = await reader.read(0, reader.sizeBytes);
  const json = new JsonReader(bytes, (failure) => new NotJson(failure), { isLenient: true });
  const ignore = (reason: string): undefined => {
    probe.warn({ code: 'not-described', message: `${path} was not taken for a part of a model: ${reason}.` });
  };
  try {
    const root = json.value();
    json.end();
    for (const liberty of json.liberties) probe.warn(libertyWarning(liberty, path));
    return root instanceof Map ? root : ignore('its root is not an object');
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    const { reason, offset, incomplete } = error.failure;
    if (incomplete && bytes.length > 0) throw new FormatError({ format, path, offset, reason });
    return ignore(`it is not JSON at byte ${offset}, ${reason}`);
  }
}
