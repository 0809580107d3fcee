import {
  type RequestFailureError,
  type FinishedParts,
  inconsistentAnswer,
  type Upload,
  type UploadPart,
} from '@holdfast/adapter-kit';
import { describeUpload, generationCondition } from './describe-upload.ts';
import type { GcsClient, GcsJsonAnswer } from './gcs-client.ts';
import { RunningCrc32c } from './running-crc32c.ts';
import { describedFields } from './stored-object.ts';
import { isEndedUpload, notAnAnswerOfGcs, nothingTaken, uploadIsLost } from './to-storage-error.ts';
import { uploadUnitBytes } from './upload-unit.ts';

interface Session {
  readonly path: string;
  readonly checksum: RunningCrc32c;
  /** Up to where bytes have gone into the checksum. */
  checkedBytes: number;
  /** What is held back for the request that ends the upload: at least a byte of every object that has any. */
  rest: Buffer;
  /** A request was not answered: how much the server has is to be asked. */
  isUnsure: boolean;
}

/** What an upload that has ended made. */
export interface EndedUpload {
  /** The resource that the server answered. */
  readonly value: unknown;
  readonly crc32c: string;
}

/**
 * Resumable uploads: https://docs.cloud.google.com/storage/docs/performing-resumable-uploads. Pieces come one after the
 * other; the last one is held back in part, since whatever ends an upload makes the object.
 */
export class UploadSessions {
  readonly #sessions = new WeakMap<Upload, Session>();
  readonly #client: GcsClient;

  constructor(client: GcsClient) {
    this.#client = client;
  }

  /** Begins an upload; its address opens it to whoever has it. */
  async begin(path: string, upload: Upload, signal: AbortSignal): Promise<string> {
    const { name, ...description } = describeUpload(upload);
    const { headers, body } = await this.#client.send({
      method: 'POST',
      path,
      query: { uploadType: 'resumable', name, fields: describedFields, ...generationCondition(upload.mode) },
      headers: {
        'content-type': 'application/json; charset=UTF-8',
        'x-upload-content-type': description.contentType,
        ...(upload.sizeBytes === undefined ? {} : { 'x-upload-content-length': String(upload.sizeBytes) }),
      },
      body: Buffer.from(JSON.stringify(description)),
      signal,
    });
    body.resume();
    const location = headers.get('location') ?? '';
    if (!URL.canParse(location, this.#client.endpoint)) throw notAnAnswerOfGcs('address of the upload');
    const address = new URL(location, this.#client.endpoint);
    const session = address.pathname + address.search;
    this.#sessions.set(upload, {
      path: session,
      checksum: new RunningCrc32c(),
      checkedBytes: 0,
      rest: Buffer.alloc(0),
      isUnsure: false,
    });
    return session;
  }

  /** Sends a piece, or what the server lacks of it. */
  async put(upload: Upload, part: UploadPart, signal: AbortSignal): Promise<void> {
    const session = this.#of(upload);
    const { offset, isLast } = part;
    const bytes = Buffer.from(part.bytes.buffer, part.bytes.byteOffset, part.bytes.byteLength);
    if (session.checkedBytes === offset) {
      session.checksum.update(bytes);
      session.checkedBytes += bytes.byteLength;
    }
    const held = isLast && bytes.byteLength > 0 ? ((bytes.byteLength - 1) % uploadUnitBytes) + 1 : 0;
    const end = offset + bytes.byteLength - held;
    if (isLast) session.rest = Buffer.from(bytes.subarray(bytes.byteLength - held));
    let from = offset;
    if (session.isUnsure) {
      const taken = takenBytes(await this.#ask(session, signal));
      if (taken < offset) throw uploadIsLost();
      if (taken > offset + bytes.byteLength) throw takenTooMuch(taken, offset + bytes.byteLength);
      from = taken;
    }
    while (from < end) {
      const piece = bytes.subarray(from - offset, end - offset);
      const range = `bytes ${from}-${end - 1}/*`;
      const taken = takenBytes(await this.#send(session, { range, body: piece, signal }));
      if (taken <= from) throw nothingTaken();
      if (taken > end) throw takenTooMuch(taken, end);
      from = taken;
    }
  }

  /** Sends what is left, with the checksum of all: that makes the object. */
  async end(upload: Upload, { sizeBytes }: FinishedParts, signal: AbortSignal): Promise<EndedUpload> {
    const session = this.#of(upload);
    const crc32c = session.checksum.toString();
    const start = sizeBytes - session.rest.byteLength;
    let from = start;
    if (session.isUnsure) {
      const asked = await this.#ask(session, signal);
      if (asked.status !== incomplete) return { value: asked.value, crc32c };
      from = takenBytes(asked);
      if (from < start) throw uploadIsLost();
      if (from > sizeBytes) throw takenTooMuch(from, sizeBytes);
    }
    const range = from === sizeBytes ? `bytes */${sizeBytes}` : `bytes ${from}-${sizeBytes - 1}/${sizeBytes}`;
    const body = session.rest.subarray(from - start);
    const ended = await this.#send(session, { range, body, crc32c, signal });
    if (ended.status === incomplete) throw nothingTaken();
    return { value: ended.value, crc32c };
  }

  /** Leaves nothing of an upload. */
  async cancel(upload: Upload, signal: AbortSignal): Promise<void> {
    const session = this.#sessions.get(upload);
    if (session === undefined) return;
    try {
      const { body } = await this.#client.send({ method: 'DELETE', path: session.path, signal });
      body.resume();
    } catch (error) {
      if (!isEndedUpload(error)) throw error;
    }
    this.#sessions.delete(upload);
  }

  /** How much the server has; its object, when the upload has ended. */
  async #ask(session: Session, signal: AbortSignal): Promise<GcsJsonAnswer> {
    return this.#send(session, { range: 'bytes */*', body: Buffer.alloc(0), signal });
  }

  async #send(
    session: Session,
    {
      range,
      body,
      crc32c,
      signal,
    }: { range: string; body: Uint8Array; crc32c?: string; signal: AbortSignal },
  ): Promise<GcsJsonAnswer> {
    session.isUnsure = true;
    try {
      const answer = await this.#client.json({
        method: 'PUT',
        path: session.path,
        headers: {
          'content-range': range,
          ...(crc32c === undefined ? {} : { 'x-goog-hash': `crc32c=${crc32c}` }),
        },
        body,
        signal,
      });
      session.isUnsure = false;
      return answer;
    } catch (error) {
      throw isEndedUpload(error) ? uploadIsLost(error) : error;
    }
  }

  #of(upload: Upload): Session {
    const session = this.#sessions.get(upload);
    if (session === undefined) throw uploadIsLost();
    return session;
  }
}

function takenTooMuch(taken: number, sent: number): RequestFailureError {
  return inconsistentAnswer(`the server says that it has ${taken} bytes of an upload, and was sent ${sent}`);
}

/** How an upload says that more is to come. */
const incomplete = 308;

/** How many bytes the server has, from its answer; nothing is told where there are none. */
function takenBytes({ status, headers }: GcsJsonAnswer): number {
  if (status !== incomplete) throw uploadIsLost();
  const header = headers.get('range');
  if (header === null) return 0;
  const last = /^bytes=0-(\d+)$/.exec(header)?.[1];
  if (last === undefined) throw notAnAnswerOfGcs('readable range');
  return Number(last) + 1;
}
