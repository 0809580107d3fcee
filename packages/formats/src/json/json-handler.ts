import type { JsonValue } from '@holdfast/domain';
import type { DetectionFacts, FormatHandler, FormatProbe } from '../catalog/format-handler.ts';
import type { InspectionFacts } from '../catalog/format-inspection.ts';
import { DetailLimit } from '../detail-limit.ts';
import { type JsonFailure, JsonReader, type JsonTree } from './json-reader.ts';
import { libertyWarning } from './liberty-warning.ts';

/** Up to this size a document is parsed whole; of a larger one, this much is checked. */
const checkedSizeBytes = 4 * 1024 * 1024;

class JsonMismatch extends Error {
  readonly failure: JsonFailure;

  constructor(failure: JsonFailure) {
    super(failure.reason);
    this.failure = failure;
  }
}

/**
 * A JSON document (RFC 8259, or what Python's `json` writes beyond it) whose root is an object or an array. A lone number or word is not
 * taken for JSON: any short text could be one.
 */
export const jsonHandler: FormatHandler = {
  format: 'json',

  async detect(probe: FormatProbe): Promise<DetectionFacts | undefined> {
    if (!(await beginsLikeJson(probe))) return undefined;
    const outcome = await parse(probe);
    const { sizeBytes } = probe.reader;
    if ('limit' in outcome)
      return { evidence: [`The content begins a JSON document; ${outcome.limit.reason}.`] };
    if (!('offset' in outcome)) return { evidence: ['The whole file is one JSON document.'] };
    if (outcome.incomplete && sizeBytes > checkedSizeBytes) {
      return {
        evidence: [
          `The first ${checkedSizeBytes} of ${sizeBytes} bytes begin a JSON document; the rest was not checked.`,
        ],
      };
    }
    probe.note(`The content begins like JSON, but at byte ${outcome.offset} ${outcome.reason}.`);
    return undefined;
  },

  async inspect(probe: FormatProbe): Promise<InspectionFacts> {
    const outcome = await parse(probe);
    if ('limit' in outcome) probe.limit(outcome.limit);
    if (!('tree' in outcome)) return { summary: { complete: false } };
    for (const liberty of outcome.liberties) probe.warn(libertyWarning(liberty));
    return { summary: { complete: true, ...describeRoot(outcome.tree) } };
  },
};

async function beginsLikeJson(probe: FormatProbe): Promise<boolean> {
  const head = await probe.reader.read(0, 4096);
  const first = head.find((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09);
  return first === 0x7b || first === 0x5b;
}

type Parsed = { readonly tree: JsonTree; readonly liberties: readonly string[] };

async function parse(probe: FormatProbe): Promise<Parsed | { readonly limit: DetailLimit } | JsonFailure> {
  const bytes = await probe.reader.read(0, checkedSizeBytes);
  const reader = new JsonReader(bytes, (failure) => new JsonMismatch(failure), { isLenient: true });
  try {
    const tree = reader.value();
    reader.end();
    return { tree, liberties: reader.liberties };
  } catch (error) {
    if (DetailLimit.isInstance(error)) return { limit: error };
    if (error instanceof JsonMismatch) return cutCharacter(error.failure, bytes);
    throw error;
  }
}

/** A cut through a character of several bytes at the end counts as a text that ends early. */
function cutCharacter(failure: JsonFailure, bytes: Uint8Array): JsonFailure {
  const hasCutCharacter = bytes.subarray(-3).some((byte) => byte >= 0xc0);
  const reachesEnd = failure.offset >= bytes.length - 3;
  return reachesEnd && hasCutCharacter ? { ...failure, incomplete: true } : failure;
}

const shownKeys = 50;

function describeRoot(tree: JsonTree): { readonly [key: string]: JsonValue } {
  if (tree instanceof Map)
    return { root: 'object', memberCount: tree.size, keys: [...tree.keys()].slice(0, shownKeys) };
  return { root: 'array', memberCount: Array.isArray(tree) ? tree.length : 0 };
}
