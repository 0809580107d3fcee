import { compareKeys } from '@holdfast/domain';
import { nameOfArtifact } from './artifact-path.ts';
import { listingPathOf } from './artifact-requests.ts';
import type { MlflowClient } from './mlflow-client.ts';
import { failureError, isMissingArtifact, notAnAnswerOfMlflow } from './to-storage-error.ts';

/** The server lists a folder in one answer, however much is in it; a longer one is refused. */
const longestAnswerBytes = 16 * 1_048_576;

/** What lies in a folder: the name of an artifact, or the beginning of names, which ends with `/`. */
export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** The listings of single folders. */
export class FolderListing {
  readonly #client: MlflowClient;

  constructor(client: MlflowClient) {
    this.#client = client;
  }

  /** What lies in a folder, without a `/` at its end, in the order of the names; nothing where there is none. */
  async read(folder: string, signal: AbortSignal): Promise<readonly FolderEntry[]> {
    const text = await this.#fetch(folder, signal);
    const above = folder === '' ? '' : `${folder}/`;
    return filesOf(text)
      .flatMap(({ path, is_dir: isFolder = false }) => {
        const segment = path.slice(path.lastIndexOf('/') + 1);
        const name = nameOfArtifact(`${spelledAbove(above)}${segment}`);
        if (name === undefined) return [];
        const full = `${above}${name.slice(name.lastIndexOf('/') + 1)}`;
        return [{ name: isFolder ? `${full}/` : full, isFolder }];
      })
      .toSorted((left, right) => compareKeys(left.name, right.name));
  }

  async #fetch(folder: string, signal: AbortSignal): Promise<string> {
    try {
      const answer = await this.#client.request({ method: 'GET', path: listingPathOf(folder), signal });
      const pieces: Buffer[] = [];
      let sizeBytes = 0;
      for await (const chunk of answer as AsyncIterable<Buffer>) {
        pieces.push(chunk);
        sizeBytes += chunk.byteLength;
        if (sizeBytes > longestAnswerBytes) throw tooMuchInOneFolder(folder);
      }
      return Buffer.concat(pieces).toString();
    } catch (error) {
      if (isMissingArtifact(error)) return '{}';
      throw error;
    }
  }
}

/** Only the beginning of a path is spelled in a way of its own, so any folder stands for all others. */
function spelledAbove(above: string): string {
  return above === '' ? '' : 'folder/';
}

interface ListedFile {
  readonly path: string;
  readonly is_dir?: boolean;
}

function filesOf(text: string): readonly ListedFile[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw notAnAnswerOfMlflow('list of artifacts');
  }
  const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  const { files = [] } = (isObject ? parsed : { files: undefined }) as { readonly files?: unknown };
  if (!isObject || !Array.isArray(files) || !files.every(isListedFile))
    throw notAnAnswerOfMlflow('list of artifacts');
  return files;
}

function isListedFile(value: unknown): value is ListedFile {
  const { path, is_dir: isFolder } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return typeof path === 'string' && (isFolder === undefined || typeof isFolder === 'boolean');
}

function tooMuchInOneFolder(folder: string): Error {
  return failureError({
    code: 'unsupported',
    what: `the folder ${JSON.stringify(folder)} has more artifacts than fit into a listing of ${longestAnswerBytes} bytes`,
    hint: 'List prefixes that end in other folders, or spread the keys over more folders.',
  });
}
