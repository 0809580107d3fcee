import type { ObjectKey } from '@holdfast/domain';
import type {
  ByteSource,
  CheckOptions,
  CopyOptions,
  DeleteResult,
  DeleteTarget,
  GetOptions,
  LateKey,
  ListOptions,
  ListPage,
  ObjectInfo,
  ObjectReader,
  PutOptions,
  StorageCapabilities,
  StoreMaintenance,
  TransactionOperation,
  TransactionOptions,
} from '@holdfast/ports';

/** One way to keep objects in a folder. It gets checked input and may throw whatever the system throws. */
export interface StorageLayout {
  readonly capabilities: StorageCapabilities;
  readonly maintenance?: StoreMaintenance;
  put(key: ObjectKey | LateKey, body: ByteSource, options: PutOptions): Promise<ObjectInfo>;
  get(key: ObjectKey, options: GetOptions): Promise<ObjectReader | undefined>;
  head(key: ObjectKey): Promise<ObjectInfo | undefined>;
  delete(targets: readonly DeleteTarget[]): Promise<readonly DeleteResult[]>;
  list(options: ListOptions): AsyncIterable<ListPage>;
  copy(from: ObjectKey, to: ObjectKey, options: CopyOptions): Promise<ObjectInfo>;
  transact(
    operations: readonly TransactionOperation[],
    options: TransactionOptions,
  ): Promise<readonly ObjectInfo[]>;
  localPath(key: ObjectKey): Promise<string | undefined>;
  check(options: CheckOptions): Promise<void>;
  close(): Promise<void>;
}

/** When a write is on the disk. */
export const Durability = {
  /** When it is acknowledged: bytes, folders and index are synced. */
  Full: 'full',
  /** Its bytes are, when it is acknowledged; a power cut can take back the last writes, whole. */
  Data: 'data',
  /** When the system gets to it; a power cut can damage the last writes, and their checksums tell. */
  None: 'none',
} as const;

export type Durability = (typeof Durability)[keyof typeof Durability];
