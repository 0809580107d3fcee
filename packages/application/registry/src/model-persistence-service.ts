import {
  ArtifactKind,
  type Digest,
  type LineageNode,
  type LineageRelation,
  type Model,
  type ModelVersion,
  type RegistryStore,
  type Repositories,
  type SerializationFormat,
  type Tags,
  createModel,
  createReadyVersion,
  isQuarantined,
  mayHideCode,
  parseModelName,
  parseTags,
  utcTimestamp,
} from '@holdfast/domain';
import { FormatCatalog } from '@holdfast/formats';
import type { ByteSource, Cancellable } from '@holdfast/ports';
import type { LoadOptions, OnProgress, StorageService } from '@holdfast/storage';
import { v7 as createUuid } from 'uuid';
import type { Artifact, StoredContent } from './artifact.ts';
import { ArtifactSaver } from './artifact-saver.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { ObjectReclaimer } from './object-reclaimer.ts';
import { forbidden, unsupported } from './registry-error.ts';
import { StoreClaim } from './store-claim.ts';
import { type WriteTreeOptions, writeTree } from './write-tree.ts';
import { printVersionManifest } from './version-manifest.ts';

export interface ModelPersistenceServiceOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  /** Which formats are known. @default the standard ones */
  readonly formats?: FormatCatalog;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** @default UUID version 7 */
  readonly createId?: () => string;
}

/** What a new version is to be. */
export interface SaveVersionOptions extends Cancellable {
  /** The model; made when there is none of this name. */
  readonly name: string;
  /** The store. @default the default store */
  readonly store?: string;
  /** Hold the bytes to this format; `binary` takes any. @default found out from the bytes */
  readonly format?: SerializationFormat;
  readonly tags?: Tags;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly lineage?: readonly { readonly relation: LineageRelation; readonly to: LineageNode }[];
  /** The name of the file or folder that it was made from. */
  readonly sourceName?: string;
  readonly onProgress?: OnProgress;
}

/** A published version. */
export interface SavedVersion {
  readonly version: ModelVersion;
  /** Whether every byte was in the store already. */
  readonly isDuplicate: boolean;
  /** What a careful user should know. */
  readonly warnings: readonly string[];
}

/**
 * Models in and out: save is stream, hash, detect, inspect, publish; load is verified bytes or a verified file.
 *
 * A version appears whole, by one transaction after everything that it needs is stored; a crash before that leaves
 * nothing but unreferenced objects. Nothing that is saved is ever executed.
 *
 * @throws StorageError, FormatError (the bytes break the rules of the format that they claim),
 *   InvalidValueError (a name or tag cannot be), or the system's error for a local file.
 */
export class ModelPersistenceService {
  readonly #registry: RegistryStore;
  readonly #storage: StorageService;
  readonly #formats: FormatCatalog;
  readonly #now: () => number;
  readonly #createId: () => string;
  readonly #claim: StoreClaim;
  readonly #reclaimer: ObjectReclaimer;

  constructor(options: ModelPersistenceServiceOptions) {
    this.#registry = options.registry;
    this.#storage = options.storage;
    this.#formats = options.formats ?? FormatCatalog.standard();
    this.#now = options.now ?? Date.now;
    this.#createId = options.createId ?? createUuid;
    this.#claim = new StoreClaim(this.#registry, this.#storage);
    this.#reclaimer = new ObjectReclaimer({
      registry: this.#registry,
      storage: this.#storage,
      claim: this.#claim,
      now: this.#now,
    });
  }

  /** Saves a local file as the next version of a model. */
  saveFile(path: string, options: SaveVersionOptions): Promise<SavedVersion> {
    return this.#publish(options, (saver) => saver.saveFile(path));
  }

  /** Saves bytes or a stream as the next version of a model. */
  save(data: ByteSource, options: SaveVersionOptions): Promise<SavedVersion> {
    return this.#publish(options, (saver) => saver.saveBytes(data));
  }

  /** Saves a local folder as the next version of a model: a tree of files, each under its digest. */
  saveFolder(folder: string, options: SaveVersionOptions): Promise<SavedVersion> {
    return this.#publish(options, (saver) => saver.saveFolder(folder));
  }

  /**
   * Loads a version of one file, verified, into memory.
   *
   * @throws StorageError `unsupported` for a folder, `permission-denied` when it is quarantined.
   */
  async load(version: ModelVersion, options: LoadOptions = {}): Promise<Uint8Array> {
    assertLoadable(version, ArtifactKind.File);
    return this.#storage.load(version.storage, options);
  }

  /**
   * Reads a version of one file chunk by chunk, verified at its end. A chunk is lent: copy it to keep it.
   *
   * @throws StorageError `unsupported` for a folder, `permission-denied` when it is quarantined.
   */
  async *read(version: ModelVersion, options: LoadOptions = {}): AsyncIterable<Uint8Array> {
    assertLoadable(version, ArtifactKind.File);
    yield* this.#storage.read(version.storage, options);
  }

  /**
   * Writes a version to a path, verified before it takes its place: a file for a file, a folder for a folder.
   *
   * @throws the system's `EEXIST` when something is there and `overwrite` is not set.
   */
  async loadToPath(version: ModelVersion, path: string, options: WriteTreeOptions = {}): Promise<void> {
    assertLoadable(version, version.artifactKind);
    if (version.artifactKind === ArtifactKind.Tree) await writeTree(this.#storage, version.storage, { ...options, path });
    else await this.#storage.loadToFile(version.storage, path, options);
  }

  async #publish(options: SaveVersionOptions, save: (saver: ArtifactSaver) => Promise<Artifact>): Promise<SavedVersion> {
    parseModelName(options.name);
    parseTags(options.tags ?? {});
    const store = options.store ?? this.#storage.defaultStore;
    await this.#claim.ensure(store);
    const written = new Set<Digest>();
    try {
      await using leases = new LeaseKeeper(this.#registry.repositories.objects, {
        now: this.#now,
        createId: this.#createId,
        signal: options.signal,
      });
      const saver = this.#saver({ ...options, store }, leases, written);
      const version = await this.#commit(await save(saver), { ...options, store }, saver, leases);
      return { version, isDuplicate: !written.has(version.storage.checksum), warnings: warningsOf(version) };
    } catch (error) {
      await this.#reclaimer.reclaim([...written], { store }).catch(() => undefined);
      throw error;
    }
  }

  #saver(options: SaveVersionOptions & { readonly store: string }, leases: LeaseKeeper, written: Set<Digest>): ArtifactSaver {
    const { objects } = this.#registry.repositories;
    const { store } = options;
    return new ArtifactSaver({
      storage: this.#storage,
      formats: this.#formats,
      leases,
      store,
      onWritten: (digest) => written.add(digest),
      format: options.format,
      signal: options.signal,
      onProgress: options.onProgress,
      isDamaged: async (digest) =>
        (await objects.findLocations(digest)).some((place) => place.storeName === store && place.state === 'corrupt'),
    });
  }

  /** Publishes: the manifest first, then, in one transaction, everything that makes the version visible. */
  async #commit(
    artifact: Artifact,
    options: SaveVersionOptions,
    saver: ArtifactSaver,
    leases: LeaseKeeper,
  ): Promise<ModelVersion> {
    const model = await this.#findOrCreateModel(options.name);
    const draft = this.#draft(artifact, model, options, await this.#registry.repositories.models.reserveNumber(model.name));
    const manifest = await saver.saveManifest(printVersionManifest(draft));
    const version: ModelVersion = { ...draft, manifestDigest: manifest.digest };
    return this.#registry.unitOfWork(async (repositories) => {
      await leases.assertStanding(repositories);
      const saved = await repositories.versions.save(version);
      await this.#recordObjects(repositories, saved, [...artifact.objects, manifest]);
      return saved;
    });
  }

  async #findOrCreateModel(name: string): Promise<Model> {
    return this.#registry.unitOfWork(async ({ models }) => {
      const existing = await models.findByName(name);
      return existing ?? models.save(createModel({ id: this.#createId(), name, now: utcTimestamp(this.#now()) }));
    });
  }

  #draft(artifact: Artifact, model: Model, options: SaveVersionOptions, number: number): ModelVersion {
    return createReadyVersion({
      id: this.#createId(),
      modelId: model.id,
      modelName: model.name,
      number,
      now: utcTimestamp(this.#now()),
      artifactKind: artifact.kind,
      storage: artifact.storage,
      totalSizeBytes: artifact.totalSizeBytes,
      fileCount: artifact.fileCount,
      inspection: artifact.inspection,
      verdict: artifact.verdict,
      tags: options.tags ?? {},
      metrics: options.metrics ?? {},
      parameters: options.parameters ?? {},
      lineage: options.lineage ?? [],
      ...(artifact.signature === undefined ? {} : { signature: artifact.signature }),
      ...(options.sourceName === undefined ? {} : { sourceName: options.sourceName }),
    });
  }

  async #recordObjects(
    repositories: Repositories,
    version: ModelVersion,
    objects: readonly StoredContent[],
  ): Promise<void> {
    const verifiedAt = utcTimestamp(this.#now());
    const digests = [...new Set(objects.map(({ digest }) => digest))];
    await repositories.objects.addReferences(version.id, digests);
    for (const object of objects) await repositories.objects.putLocation({ ...object, verifiedAt, state: 'verified' });
  }
}

function assertLoadable(version: ModelVersion, kind: ArtifactKind): void {
  const name = `${version.modelName}:${version.number}`;
  if (isQuarantined(version.verdict)) {
    throw forbidden(`${name} is quarantined: its scan verdict is ${version.verdict}.`);
  }
  if (version.artifactKind !== kind) {
    throw unsupported(`${name} is a folder of ${version.fileCount} files and cannot be read as one.`, 'Write it to a folder.');
  }
}

function warningsOf(version: ModelVersion): readonly string[] {
  if (!mayHideCode(version.storage.format, version.verdict)) return [];
  return [`A ${version.storage.format} file can run code when Python reads it, and nobody has scanned this one.`];
}
