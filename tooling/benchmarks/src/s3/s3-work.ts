/** What a process of `processes/s3.ts` is told to do. */
export type S3Work =
  | { readonly does: 'put-many' | 'get-many'; readonly objects: ManyObjects }
  | { readonly does: 'put-file'; readonly key: string; readonly path: string }
  | { readonly does: 'get-file'; readonly key: string; readonly path: string; readonly inParts: boolean };

/** Objects of one size, each with bytes of its own. */
export interface ManyObjects {
  readonly prefix: string;
  readonly count: number;
  readonly sizeBytes: number;
  readonly atOnce: number;
}

/** What that cost. */
export interface S3Report {
  readonly milliseconds: number;
  readonly cpuMilliseconds: number;
  /** The most memory that the process ever held, less what it held before it began. */
  readonly peakAboveIdleBytes: number;
}

/** The key of one of many objects. */
export function keyOf({ prefix }: ManyObjects, number: number): string {
  return `${prefix}/${String(number).padStart(6, '0')}`;
}
