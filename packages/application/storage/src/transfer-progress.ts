/** How far a transfer has come. */
export interface TransferProgress {
  /** `hash` where the bytes have to be read once before they are sent. */
  readonly phase: 'hash' | 'write' | 'read';
  readonly bytes: number;
  /** `undefined` while the length is not known. */
  readonly totalBytes: number | undefined;
}

/** Told at least every 4 MiB. It must not throw. */
export type OnProgress = (progress: TransferProgress) => void;
