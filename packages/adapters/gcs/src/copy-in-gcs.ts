import { type CopySource, type Upload, type WrittenObject, inconsistentAnswer } from '@holdfast/adapter-kit';
import { describeUpload, generationCondition, writtenObject } from './describe-upload.ts';
import type { GcsClient } from './gcs-client.ts';
import { objectPath } from './gcs-names.ts';
import { describedFields, objectResource } from './stored-object.ts';
import { notAnAnswerOfGcs } from './to-storage-error.ts';

/** What is to be copied. */
export interface CopyOrder {
  readonly bucket: string;
  readonly source: CopySource;
  readonly upload: Upload;
  readonly signal: AbortSignal;
}

/** Copies inside the server, in as many steps as it asks for: the generation that was seen, under the condition of the copy. */
export async function copyInGcs(client: GcsClient, order: CopyOrder): Promise<WrittenObject> {
  const { bucket, source, upload, signal } = order;
  const { name, ...description } = describeUpload(upload);
  const body = Buffer.from(JSON.stringify(description));
  let rewriteToken: string | undefined;
  for (;;) {
    const { value } = await client.json({
      method: 'POST',
      path: `${objectPath(bucket, source.name)}/rewriteTo${objectPath(bucket, name).slice('/storage/v1'.length)}`,
      query: {
        sourceGeneration: source.object.etag,
        rewriteToken,
        fields: `done,rewriteToken,resource(${describedFields})`,
        ...generationCondition(upload.mode),
      },
      headers: { 'content-type': 'application/json; charset=UTF-8' },
      body,
      signal,
    });
    const step = (value ?? {}) as RewriteStep;
    if (step.done === true) return copiedObject(step.resource, order);
    if (step.rewriteToken === undefined) throw notAnAnswerOfGcs('next step of the copy');
    rewriteToken = step.rewriteToken;
  }
}

function copiedObject(resource: unknown, { source }: CopyOrder): WrittenObject {
  const made = objectResource(resource);
  const { sizeBytes } = source.object;
  if (made.sizeBytes === sizeBytes) return writtenObject(made);
  throw inconsistentAnswer(`the server copied ${made.sizeBytes} of ${sizeBytes} bytes`);
}

interface RewriteStep {
  readonly done?: boolean;
  readonly rewriteToken?: string;
  readonly resource?: unknown;
}
