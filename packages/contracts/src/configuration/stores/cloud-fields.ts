import { z } from 'zod';

/** What the stores of all clouds may say. */
export interface CloudFields {
  /** The beginning of every name in the bucket. */
  readonly prefix: string;
  /** Most connections at once. */
  readonly poolSize: number;
  /** How long anything is waited for, in milliseconds. */
  readonly timeouts: CloudTimeouts;
  readonly retry: CloudRetry;
  readonly transfer: CloudTransfer;
}

export interface CloudTimeouts {
  readonly connectMs: number;
  readonly firstByteMs: number;
  readonly idleMs: number;
}

/** How patiently requests are sent again that may be. */
export interface CloudRetry {
  readonly attempts: number;
  readonly totalMs: number;
}

/** How large objects are sent. */
export interface CloudTransfer {
  readonly partSizeBytes: number;
  readonly bufferBytes: number;
}

const longestMs = 3_600_000;
const mebibyte = 1_048_576;
const mostConnections = 1_000;

const duration = (usual: number, description: string) =>
  z.int().min(1).max(longestMs).default(usual).describe(description);

const timeouts = z
  .strictObject({
    connectMs: duration(5_000, 'Until a connection is made, in milliseconds.'),
    firstByteMs: duration(30_000, 'From the request to the beginning of the answer, in milliseconds.'),
    idleMs: duration(30_000, 'Between two pieces of a body, in milliseconds.'),
  })
  .prefault({})
  .describe('How long anything is waited for.');

const retry = z
  .strictObject({
    attempts: z
      .int()
      .min(1)
      .max(100)
      .default(10)
      .describe('Most tries of one request, the first included; 1 turns trying again off.'),
    totalMs: duration(180_000, 'No try begins later than this after the first, in milliseconds.'),
  })
  .prefault({})
  .describe('How patiently requests are sent again that may be.');

const transfer = z
  .strictObject({
    partSizeBytes: z
      .int()
      .min(mebibyte)
      .max(1024 * mebibyte)
      .default(8 * mebibyte)
      .describe('Length of a part of a large object, sent or fetched; at least what the backend demands.'),
    bufferBytes: z
      .int()
      .min(mebibyte)
      .max(16_384 * mebibyte)
      .default(32 * mebibyte)
      .describe('Most memory of one upload or download: the parts under way at once times their length.'),
  })
  .prefault({})
  .describe('How large objects are sent.');

/** The fields of {@link CloudFields}, for the schema of a store. */
export const cloudFields: { readonly [Field in keyof CloudFields]: z.ZodType<CloudFields[Field]> } = {
  prefix: z
    .string()
    .max(500)
    .default('')
    .describe('The beginning of every name, such as team/models/. Two prefixes are two stores.'),
  poolSize: z.int().min(1).max(mostConnections).default(32).describe('Most connections at once.'),
  timeouts,
  retry,
  transfer,
};

/** The address of a server that is not the vendor's own. */
export const endpoint: z.ZodType<string> = z
  .string()
  .regex(
    /^https?:\/\/[^@?#]+$/,
    'is not an address such as https://storage.example.com, without user or query',
  )
  .describe("The server's address, where it is not the vendor's own.");
