import { S3StorageAdapter, type S3StorageOptions } from '@holdfast/adapter-s3';
import { AnsweringServer, type CannedAnswer } from '@holdfast/tooling-services';
import { afterAll, beforeEach } from 'vitest';

const server = await AnsweringServer.open();

/** A server of S3 that answers what a test wants, for the tests of a file. */
export function answeringS3(): AnsweringServer {
  afterAll(() => server[Symbol.asyncDispose]());
  beforeEach(() => {
    server.requests = [];
  });
  return server;
}

/** An adapter that asks the {@link answeringS3}. */
export function adapterOf(options: Partial<S3StorageOptions> = {}): S3StorageAdapter {
  return new S3StorageAdapter({
    bucket: 'models',
    endpoint: server.address,
    credentials: async () => ({ accessKeyId: 'AKIAPLANTEDPLANTED00', secretAccessKey: 'planted-secret' }),
    retry: { attempts: 2, baseDelayMs: 1, maximumDelayMs: 1 },
    transfer: { partSizeBytes: 5_242_880 },
    ...options,
  });
}

/** An answer in XML. */
export function xml(body: string, status = 200): CannedAnswer {
  return { status, headers: { 'content-type': 'application/xml' }, body: `<?xml version="1.0"?>\n${body}` };
}

/** An error as S3 answers it. */
export function refusal(status: number, code: string, message: string): CannedAnswer {
  return xml(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`, status);
}
