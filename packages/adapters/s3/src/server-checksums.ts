import { createHash } from 'node:crypto';
import { RequestFailureError, httpFailures, type Upload, type WrittenObject } from '@holdfast/adapter-kit';
import { mayRefuseChecksum } from './to-storage-error.ts';
import { base64Of } from './write-to-s3.ts';

/** What a server answered to bytes that it was to hold to their digest. */
export interface ChecksumAnswer {
  readonly written: WrittenObject;
  /** The SHA-256 that the server states; one that ignores checksums states none. */
  readonly stated: string | undefined;
}

/** What was sent, and how it is read again. */
export interface SentObject {
  readonly upload: Upload;
  readonly bytes: Uint8Array;
  /** The SHA-256 of what is stored in the state of this etag, in Base64; `undefined` when that state is no more. */
  readonly digestOf: (etag: string) => Promise<string | undefined>;
  /** Takes back the state of an etag. */
  readonly remove: (etag: string) => Promise<unknown>;
}

/**
 * Holds what is stored to what was sent: the server by the checksum that goes with the bytes, and where it refuses or
 * ignores that, this side by the etag, which is the MD5 of the bytes as a rule, or else by reading them again.
 */
export class ServerChecksums {
  #areTaken = true;

  /** Sends with the checksum, or without it from the first refusal on. */
  async send(
    { upload, bytes, digestOf, remove }: SentObject,
    send: (hasChecksum: boolean) => Promise<ChecksumAnswer>,
  ): Promise<WrittenObject> {
    const { written, stated } = await this.#answer(send);
    if (upload.checksum === undefined) return written;
    const expected = base64Of(upload.checksum);
    if (stated === expected) return written;
    if (stated === undefined && written.etag === createHash('md5').update(bytes).digest('hex'))
      return written;
    const found = stated ?? (await digestOf(written.etag)) ?? expected;
    if (found === expected) return written;
    await remove(written.etag);
    throw new RequestFailureError(httpFailures.otherBytes);
  }

  async #answer(send: (hasChecksum: boolean) => Promise<ChecksumAnswer>): Promise<ChecksumAnswer> {
    if (!this.#areTaken) return send(false);
    try {
      return await send(true);
    } catch (error) {
      if (!mayRefuseChecksum(error)) throw error;
      const answer = await send(false);
      this.#areTaken = false;
      return answer;
    }
  }
}
