import type { IncomingMessage } from 'node:http';
import type { OpenedObject, OpenOptions, RequestOptions, StoredObject } from '@holdfast/adapter-kit';
import type { ByteRange } from '@holdfast/ports';
import { artifactPathOf } from './artifact-path.ts';
import type { MlflowClient, MlflowRequest } from './mlflow-client.ts';
import {
  artifactsKeptElsewhere,
  isEmptyRange,
  isFolder,
  isMissingArtifact,
  notAnAnswerOfMlflow,
} from './to-storage-error.ts';

const contentRange = /^bytes (\d+)-(\d+)\/(\d+)$/;
const artifactsPath = '/api/2.0/mlflow-artifacts/artifacts';

/** Requests about one artifact. */
export class ArtifactRequests {
  readonly #client: MlflowClient;

  constructor(client: MlflowClient) {
    this.#client = client;
  }

  /** Asks for the first byte: the server answers `HEAD` with other etags than `GET`. */
  async head(name: string, { signal }: RequestOptions): Promise<StoredObject | undefined> {
    const first = await this.#openFirst(name, { offset: 0, length: 1 }, signal);
    if (first === undefined) return undefined;
    first.close();
    return first.object;
  }

  /** Opens the beginning of an artifact, which may be empty. */
  async openBeginning(
    name: string,
    lengthBytes: number,
    { signal }: RequestOptions,
  ): Promise<OpenedObject | undefined> {
    return this.#openFirst(name, { offset: 0, length: lengthBytes }, signal);
  }

  /** Begins to read. The server looks at no condition: the caller compares the state that it returns. */
  async open(name: string, { range, signal }: OpenOptions): Promise<OpenedObject | undefined> {
    const answer = await this.#get(name, range, signal);
    if (answer === undefined) return undefined;
    return openedObject(answer);
  }

  /** Whether a folder of artifacts has this name. */
  async isFolder(name: string, { signal }: RequestOptions): Promise<boolean> {
    try {
      const answer = await this.#client.request({ method: 'GET', path: pathOf(name), range: '0-0', signal });
      answer.destroy();
      return false;
    } catch (error) {
      if (isFolder(error)) return true;
      if (isMissingArtifact(error) || isEmptyRange(error)) return false;
      throw error;
    }
  }

  /** Sends a whole artifact. */
  async put(name: string, request: Omit<MlflowRequest, 'method' | 'path'>): Promise<void> {
    const answer = await this.#client.request({ ...request, method: 'PUT', path: pathOf(name) });
    answer.resume();
  }

  /** Removes an artifact; whoever calls has seen that it is no folder. */
  async remove(name: string, { signal }: RequestOptions): Promise<void> {
    const answer = await this.#client.request({ method: 'DELETE', path: pathOf(name), signal });
    answer.resume();
    if (!/json/.test(answer.headers['content-type'] ?? '')) throw notAnAnswerOfMlflow('JSON');
  }

  async #openFirst(name: string, range: ByteRange, signal: AbortSignal): Promise<OpenedObject | undefined> {
    try {
      return await this.open(name, { range, signal });
    } catch (error) {
      if (!isEmptyRange(error)) throw error;
      return this.open(name, { signal });
    }
  }

  async #get(
    name: string,
    range: ByteRange | undefined,
    signal: AbortSignal,
  ): Promise<IncomingMessage | undefined> {
    try {
      return await this.#client.request({
        method: 'GET',
        path: pathOf(name),
        range: range === undefined ? undefined : spelledRange(range),
        signal,
      });
    } catch (error) {
      if (isMissingArtifact(error)) return undefined;
      throw error;
    }
  }
}

/** Where the artifacts of a folder are listed; the empty one is the root. */
export function listingPathOf(folder: string): string {
  return folder === ''
    ? artifactsPath
    : `${artifactsPath}?path=${encodeURIComponent(artifactPathOf(folder))}`;
}

function pathOf(name: string): string {
  return `${artifactsPath}/${artifactPathOf(name).split('/').map(encodeURIComponent).join('/')}`;
}

function spelledRange(range: ByteRange): string {
  if ('suffix' in range) return `-${range.suffix}`;
  const { offset, length } = range;
  return `${offset}-${length === undefined ? '' : Math.min(offset + length - 1, Number.MAX_SAFE_INTEGER)}`;
}

function openedObject(answer: IncomingMessage): OpenedObject {
  const close = (): void => void answer.destroy();
  try {
    const { offset, length, sizeBytes } = rangeOf(answer);
    const { etag, 'last-modified': time = '' } = answer.headers;
    if (etag === undefined) throw artifactsKeptElsewhere();
    const object = {
      sizeBytes,
      etag: etag.replace(/^W\//, '').replaceAll('"', ''),
      metadata: {},
      lastModifiedMs: Date.parse(time) || 0,
    };
    const closeShort = length <= longestDrainBytes ? (): void => void answer.resume() : close;
    return { object, range: { offset, length }, body: answer, close: closeShort };
  } catch (error) {
    close();
    throw error;
  }
}

/** What is shorter is read to its end, so that the connection can be used again. */
const longestDrainBytes = 65_536;

function rangeOf(answer: IncomingMessage): {
  readonly offset: number;
  readonly length: number;
  readonly sizeBytes: number;
} {
  const { 'content-range': header, 'content-length': told } = answer.headers;
  if (answer.statusCode !== 206) {
    if (told === undefined) throw artifactsKeptElsewhere();
    return { offset: 0, length: Number(told), sizeBytes: Number(told) };
  }
  const [, first, last, size] = contentRange.exec(header ?? '') ?? [];
  if (first === undefined || Number(last) >= Number(size)) throw notAnAnswerOfMlflow('readable range');
  return { offset: Number(first), length: Number(last) - Number(first) + 1, sizeBytes: Number(size) };
}
