import { randomUUID } from 'node:crypto';
import type { RequestOptions, WrittenObject } from '@holdfast/adapter-kit';
import type { ArtifactRequests } from './artifact-requests.ts';
import type { RequestBody } from './mlflow-client.ts';
import { failureError, isUnexplained, mlflowFailureOf } from './to-storage-error.ts';

/** How much of an upload is compared with what is there afterwards. */
const comparedBytes = 65_536;

/**
 * Sends a whole artifact and looks at what is there: the server tells nothing of what it wrote. It writes to a file
 * beside and renames it, so that nobody sees a part, and a broken connection leaves nothing.
 */
export async function uploadArtifact(
  requests: ArtifactRequests,
  {
    name,
    body,
    options,
  }: { readonly name: string; readonly body: RequestBody; readonly options: RequestOptions },
): Promise<WrittenObject> {
  const beginning: Uint8Array[] = [];
  try {
    await requests.put(name, {
      ...options,
      body: { ...body, chunks: keepingBeginning(body.chunks, beginning) },
    });
  } catch (error) {
    if (isUnexplained(error)) await requireFreePlace(requests, name, options);
    throw error;
  }
  try {
    return await lookAt(requests, {
      name,
      sizeBytes: body.sizeBytes,
      beginning: Buffer.concat(beginning),
      options,
    });
  } catch (error) {
    const failure = mlflowFailureOf(error);
    throw failureError(
      {
        code: failure?.code ?? 'unavailable',
        what: failure?.what ?? 'the artifact was sent, and could not be looked at afterwards',
        ...(failure?.hint === undefined ? {} : { hint: failure.hint }),
        ...(failure?.isTemporary === false ? {} : { isTemporary: true }),
        mayHaveHappened: true,
      },
      error,
    );
  }
}

async function* keepingBeginning(
  chunks: AsyncIterable<Uint8Array>,
  kept: Uint8Array[],
): AsyncGenerator<Uint8Array> {
  let left = comparedBytes;
  for await (const chunk of chunks) {
    if (left > 0) kept.push(Uint8Array.from(chunk.subarray(0, left)));
    left -= Math.min(left, chunk.byteLength);
    yield chunk;
  }
}

interface Sent {
  readonly name: string;
  readonly sizeBytes: number;
  readonly beginning: Uint8Array;
  readonly options: RequestOptions;
}

/** The state that was written; one that nobody can meet when somebody else has replaced it already. */
async function lookAt(
  requests: ArtifactRequests,
  { name, sizeBytes, beginning, options }: Sent,
): Promise<WrittenObject> {
  const replaced = { etag: `replaced-${randomUUID()}` };
  const found = await requests.openBeginning(name, comparedBytes, options);
  if (found === undefined) return replaced;
  const present = Buffer.concat(await Array.fromAsync(found.body, (chunk) => Buffer.from(chunk)));
  const isSame =
    present.byteLength === found.range.length && present.equals(beginning.subarray(0, present.byteLength));
  const { object } = found;
  if (isSame && object.sizeBytes === sizeBytes)
    return { etag: object.etag, lastModifiedMs: object.lastModifiedMs };
  if (!isSame || object.sizeBytes > sizeBytes) return replaced;
  throw failureError({
    code: 'checksum-mismatch',
    what: `${object.sizeBytes} of ${sizeBytes} bytes are there after the upload`,
    hint: 'The artifact is incomplete: look for a proxy that cuts uploads, and save again.',
    isTemporary: true,
  });
}

/** Tells a place that is taken by a folder, or below an artifact, from a server that fails. */
async function requireFreePlace(
  requests: ArtifactRequests,
  name: string,
  options: RequestOptions,
): Promise<void> {
  if (await requests.isFolder(name, options)) {
    throw failureError({
      code: 'invalid-key',
      what: 'a folder of artifacts has this name',
      hint: 'MLflow keeps artifacts as files, and folders also when nothing is left in them: choose another key, or remove the folder on the server.',
    });
  }
  const segments = name.split('/');
  for (let length = segments.length - 1; length > 0; length--) {
    const above = segments.slice(0, length).join('/');
    if ((await requests.head(above, options)) === undefined) continue;
    throw failureError({
      code: 'invalid-key',
      what: `an artifact has the name ${JSON.stringify(above)}, so there can be no object below it`,
      hint: 'MLflow keeps artifacts as files: choose another key, or delete that one.',
    });
  }
}
