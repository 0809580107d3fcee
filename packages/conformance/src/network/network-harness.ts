import type { StorageAdapter } from '@holdfast/ports';

/** What a network does wrong; tooling/fault-proxy does all of it. */
export type NetworkFault =
  | { readonly kind: 'outage' }
  | {
      readonly kind: 'cut answer' | 'cut request' | 'silence';
      readonly afterBytes: number;
      readonly times: number;
    }
  | { readonly kind: 'bandwidth'; readonly bytesPerSecond: number }
  | { readonly kind: 'lost answer'; readonly methods: readonly string[]; readonly times: number };

/** A network between the adapter and its server that fails when it is told to. */
export interface FaultyNetwork extends AsyncDisposable {
  /** Every request and every connection that came. */
  readonly requests: readonly string[];
  /** Called when an answer was lost, before the client learns of it. */
  onLost: () => Promise<void>;
  fail(fault: NetworkFault): void;
  heal(): void;
}

/** An empty store behind a network of its own. */
export interface StoreBehindNetwork {
  readonly network: FaultyNetwork;
  /** Reaches the store through the network; impatient: silence of a second, three tries. */
  readonly adapter: StorageAdapter;
  /** Reaches the same store past the network. */
  readonly direct: StorageAdapter;
  /** How many unfinished uploads the server keeps. */
  readonly unfinishedUploads: () => Promise<number>;
}

/** How the bad-network tests get at an adapter. */
export interface NetworkHarness {
  readonly openStore: () => Promise<StoreBehindNetwork>;
  /** The backend tells what became of a write, whatever was written since. @default false */
  readonly knowsOutcomes?: boolean;
  /** Methods of the requests that write. */
  readonly writingMethods: readonly string[];
  /** A size that is sent in parts. */
  readonly largeBytes: number;
  /** What the adapter was given and must never show. */
  readonly secrets: readonly string[];
  /** Most tries of one operation. */
  readonly attempts: number;
}

/** One promise that holds on a bad network. */
export interface NetworkCase {
  readonly name: string;
  /** Most of its time passes in waiting, so that it runs beside others of its kind. @default false */
  readonly waits?: boolean;
  readonly run: (store: StoreBehindNetwork, harness: NetworkHarness) => Promise<void>;
}
