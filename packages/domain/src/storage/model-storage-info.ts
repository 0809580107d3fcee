import { InvalidValueError } from '../invalid-value-error.ts';
import { type Digest, parseDigest } from './digest.ts';
import { whyNotObjectKey } from './object-key.ts';
import { type SerializationFormat, parseSerializationFormat } from './serialization-format.ts';
import { StorageBackend, parseStorageBackend } from './storage-backend.ts';

/** Everything that a {@link ModelStorageInfo} holds, as plain data. */
export interface ModelStorageInfoFields {
  /** The kind of system that holds the bytes. */
  readonly storageBackend: StorageBackend;
  /** The object's key, relative to the store. */
  readonly storagePath: string;
  /** How the bytes are to be read. */
  readonly format: SerializationFormat;
  /** Length of the plain bytes. */
  readonly sizeBytes: number;
  /** SHA-256 of the plain bytes. */
  readonly checksum: Digest | string;
  /** The configured store, where there are several of one backend. */
  readonly storeName?: string;
  readonly contentType?: string;
  /** The backend's own version of the object. */
  readonly version?: string;
  /** The codec of the stored bytes, such as `zstd`. */
  readonly compression?: string;
  /** The key that the stored bytes are encrypted under. */
  readonly encryptionKeyId?: string;
  /** The key of a separate metadata object, relative to the store. */
  readonly metadataPath?: string;
}

type WithoutBackend = Omit<ModelStorageInfoFields, 'storageBackend'>;

const storeNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/**
 * Where the bytes of an artifact lie and what they must be: immutable, and valid by construction.
 *
 * The path is relative to the store, so that a moved folder or a renamed bucket
 * is one change of configuration.
 */
export class ModelStorageInfo implements ModelStorageInfoFields {
  readonly storageBackend: StorageBackend;
  readonly storagePath: string;
  readonly format: SerializationFormat;
  readonly sizeBytes: number;
  readonly checksum: Digest;
  declare readonly storeName?: string;
  declare readonly contentType?: string;
  declare readonly version?: string;
  declare readonly compression?: string;
  declare readonly encryptionKeyId?: string;
  declare readonly metadataPath?: string;

  private constructor(fields: ModelStorageInfoFields) {
    this.storageBackend = parseStorageBackend(fields.storageBackend);
    this.storagePath = parsePath(fields.storagePath, 'storagePath');
    this.format = parseSerializationFormat(fields.format);
    this.sizeBytes = parseSize(fields.sizeBytes);
    this.checksum = parseDigest(fields.checksum);
    const { storeName, contentType, version, compression, encryptionKeyId, metadataPath } = fields;
    if (storeName !== undefined) this.storeName = parseStoreName(storeName);
    if (contentType !== undefined) this.contentType = parseText(contentType, 'contentType');
    if (version !== undefined) this.version = parseText(version, 'version');
    if (compression !== undefined) this.compression = parseText(compression, 'compression');
    if (encryptionKeyId !== undefined) this.encryptionKeyId = parseText(encryptionKeyId, 'encryptionKeyId');
    if (metadataPath !== undefined) this.metadataPath = parsePath(metadataPath, 'metadataPath');
    Object.freeze(this);
  }

  /**
   * Makes an info for any backend.
   *
   * @throws InvalidValueError naming the field that cannot be: a negative size, a short digest, `..` in a path.
   */
  static of(fields: ModelStorageInfoFields): ModelStorageInfo {
    return new ModelStorageInfo(fields);
  }

  static localFilesystem(fields: WithoutBackend): ModelStorageInfo {
    return new ModelStorageInfo({ ...fields, storageBackend: StorageBackend.LocalFilesystem });
  }

  static awsS3(fields: WithoutBackend): ModelStorageInfo {
    return new ModelStorageInfo({ ...fields, storageBackend: StorageBackend.AwsS3 });
  }

  static azureBlob(fields: WithoutBackend): ModelStorageInfo {
    return new ModelStorageInfo({ ...fields, storageBackend: StorageBackend.AzureBlob });
  }

  static gcpStorage(fields: WithoutBackend): ModelStorageInfo {
    return new ModelStorageInfo({ ...fields, storageBackend: StorageBackend.GcpStorage });
  }

  static mlflow(fields: WithoutBackend): ModelStorageInfo {
    return new ModelStorageInfo({ ...fields, storageBackend: StorageBackend.Mlflow });
  }

  static huggingfaceHub(fields: WithoutBackend): ModelStorageInfo {
    return new ModelStorageInfo({ ...fields, storageBackend: StorageBackend.HuggingfaceHub });
  }

  static database(fields: WithoutBackend): ModelStorageInfo {
    return new ModelStorageInfo({ ...fields, storageBackend: StorageBackend.Database });
  }

  static redis(fields: WithoutBackend): ModelStorageInfo {
    return new ModelStorageInfo({ ...fields, storageBackend: StorageBackend.Redis });
  }

  static memory(fields: WithoutBackend): ModelStorageInfo {
    return new ModelStorageInfo({ ...fields, storageBackend: StorageBackend.Memory });
  }

  /** A copy with some fields changed, checked like a new one. */
  with(changes: Partial<ModelStorageInfoFields>): ModelStorageInfo {
    return new ModelStorageInfo({ ...this, ...changes });
  }

  /** Whether every field is the same. */
  equals(other: ModelStorageInfoFields): boolean {
    return JSON.stringify(ModelStorageInfo.of(other)) === JSON.stringify(this);
  }

  /** The fields as plain data; {@link ModelStorageInfo.of} takes them back. */
  toJSON(): ModelStorageInfoFields {
    return { ...this };
  }
}

function parsePath(path: string, field: string): string {
  const reason = whyNotObjectKey(path);
  if (reason === undefined) return path;
  throw new InvalidValueError({
    field,
    value: path,
    reason,
    hint: 'A path is relative to its store: segments separated by "/", none of them empty, "." or "..".',
  });
}

function parseSize(sizeBytes: number): number {
  if (Number.isSafeInteger(sizeBytes) && sizeBytes >= 0) return sizeBytes;
  throw new InvalidValueError({ field: 'sizeBytes', value: sizeBytes, reason: 'is not a size in bytes' });
}

function parseStoreName(name: string): string {
  if (storeNamePattern.test(name)) return name;
  throw new InvalidValueError({
    field: 'storeName',
    value: name,
    reason: 'is not the name of a store',
    hint: 'A store is named by up to 63 letters, digits, ".", "_" and "-", a letter or digit first.',
  });
}

function parseText(text: string, field: string): string {
  if (text.length > 0 && text.isWellFormed()) return text;
  throw new InvalidValueError({ field, value: text, reason: 'is empty or not valid Unicode' });
}
