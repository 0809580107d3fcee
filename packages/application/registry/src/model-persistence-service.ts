import { basename } from 'node:path';
import {
  ArtifactKind,
  type Digest,
  type ModelVersion,
  type RegistryStore,
  type TreeEntry,
  assertFitsRecord,
  isQuarantined,
  parseModelName,
  parseTags,
  versionWarnings,
} from '@holdfast/domain';
import { assertFree } from '@holdfast/files';
import type { FormatCatalog } from '@holdfast/formats';
import type { ByteSource, Cancellable } from '@holdfast/ports';
import { type StorageService } from '@holdfast/storage';
import { ArtifactSaver } from './artifact-saver.ts';
import type { Artifact } from './artifact.ts';
import { ContentLog } from './content-log.ts';
import { type LoadCopyOptions, ObjectCopies } from './copies/object-copies.ts';
import { createUuid } from './create-uuid.ts';
import { ObjectsGone, assertStored } from './fence/assert-stored.ts';
import { type ClaimReading, StoreClaim } from './fence/store-claim.ts';
import { VersionRecorder } from './fence/version-recorder.ts';
import type { InspectionLimits } from './inspection/inspect-in-worker.ts';
import { Inspector } from './inspection/inspector.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { loadTree } from './load-tree.ts';
import { ObjectReclaimer } from './object-reclaimer.ts';
import { type LocalPlaces, OwnPlaces } from './own-places.ts';
import { type InspectionPage, readInspectionLists } from './read-inspection-list.ts';
import { forbidden, unsupported } from './registry-error.ts';
import { assertAccepting } from './retirement/assert-accepting.ts';
import type { SaveVersionOptions } from './save-version-options.ts';
import { TargetJournal } from './target-journal.ts';
import { VersionPublisher } from './version-publisher.ts';
import { type WriteTreeOptions, writeTree } from './write-tree.ts';

export interface ModelPersistenceServiceOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  /** Which formats are known. @default the standard ones */
  readonly formats?: FormatCatalog | undefined;
  /** How much looking into a file may take; what takes more is saved with a warning and less detail. */
  readonly inspectionLimits?: InspectionLimits | undefined;
  /** What the stores and the registry keep on this machine; it never goes into a version. */
  readonly localPlaces?: LocalPlaces | undefined;
  /** Notes what is written beside the paths of users. @default nothing is noted */
  readonly targets?: TargetJournal | undefined;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** @default UUID version 7 */
  readonly createId?: () => string;
  /** How many milliseconds a store that was found down is tried last, where objects have other copies. @default for good */
  readonly downForMs?: number | undefined;
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
  readonly #inspector: Inspector;
  readonly #localPlaces: LocalPlaces;
  readonly #targets: TargetJournal;
  readonly #now: () => number;
  readonly #createId: () => string;
  readonly #claim: StoreClaim;
  readonly #publisher: VersionPublisher;
  readonly #reclaimer: ObjectReclaimer;
  readonly #copies: ObjectCopies;

  constructor(options: ModelPersistenceServiceOptions) {
    this.#registry = options.registry;
    this.#storage = options.storage;
    this.#inspector = new Inspector({ formats: options.formats, limits: options.inspectionLimits });
    this.#localPlaces = options.localPlaces ?? {};
    this.#targets = options.targets ?? new TargetJournal();
    this.#now = options.now ?? Date.now;
    this.#createId = options.createId ?? createUuid;
    this.#claim = new StoreClaim(this.#registry, this.#storage);
    const collaborators = { registry: this.#registry, now: this.#now, createId: this.#createId };
    this.#reclaimer = new ObjectReclaimer({ ...collaborators, storage: this.#storage, claim: this.#claim });
    this.#publisher = new VersionPublisher(collaborators);
    this.#copies = new ObjectCopies({
      ...collaborators,
      storage: this.#storage,
      downForMs: options.downForMs,
    });
  }

  /** Saves a local file as the next version of a model. */
  saveFile(path: string, options: SaveVersionOptions): Promise<SavedVersion> {
    return this.#publish(options, { save: (saver) => saver.saveFile(path), isRepeatable: true });
  }

  /** Saves bytes or a stream as the next version of a model. */
  save(data: ByteSource, options: SaveVersionOptions): Promise<SavedVersion> {
    const isRepeatable = data instanceof Uint8Array;
    return this.#publish(options, { save: (saver) => saver.saveBytes(data), isRepeatable });
  }

  /** Saves a local folder as the next version of a model: a tree of files, each under its digest. */
  saveFolder(folder: string, options: SaveVersionOptions): Promise<SavedVersion> {
    return this.#publish(options, { save: (saver) => saver.saveFolder(folder), isRepeatable: true });
  }

  /**
   * Loads a version of one file, verified, into memory. Where its bytes have several copies, the next one is read when
   * one is damaged, missing, or in a store that does not answer.
   *
   * @throws StorageError `unsupported` for a folder, `permission-denied` when it is quarantined.
   */
  async load(version: ModelVersion, options: LoadCopyOptions = {}): Promise<Uint8Array> {
    assertLoadable(version, ArtifactKind.File);
    return this.#copies.load(version.storage, options);
  }

  /**
   * Reads a version of one file chunk by chunk, verified at its end. A chunk is lent: copy it to keep it.
   *
   * @throws StorageError `unsupported` for a folder, `permission-denied` when it is quarantined.
   */
  async *read(version: ModelVersion, options: LoadCopyOptions = {}): AsyncIterable<Uint8Array> {
    assertLoadable(version, ArtifactKind.File);
    yield* this.#copies.read(version.storage, options);
  }

  /**
   * Writes a version to a path, verified before it takes its place: a file for a file, a folder for a folder.
   *
   * @throws the system's `EEXIST` when something is there and `overwrite` is not set.
   */
  async loadToPath(version: ModelVersion, path: string, options: WriteTreeOptions = {}): Promise<void> {
    assertLoadable(version, version.artifactKind);
    if (version.artifactKind === ArtifactKind.Tree)
      return writeTree(this.#copies, version.storage, { ...options, path, journal: this.#targets });
    if (options.overwrite !== true) await assertFree(path);
    await using target = await this.#targets.begin(path);
    await this.#copies.loadToFile(version.storage, path, {
      ...options,
      executable: version.executable === true,
      temporaryPath: target.temporary,
    });
  }

  /**
   * The files of a version: those of a folder with their paths in it, or the one file under the name that it was saved from.
   *
   * @throws StorageError as a load does.
   */
  async listFiles(version: ModelVersion, options: LoadCopyOptions = {}): Promise<readonly TreeEntry[]> {
    const { artifactKind, storage, sourceName, modelName, executable } = version;
    if (artifactKind === ArtifactKind.Tree) return (await loadTree(this.#copies, storage, options)).entries;
    const { sizeBytes, checksum: digest } = storage;
    return [
      { path: basename(sourceName ?? modelName), sizeBytes, digest, ...(executable ? { executable } : {}) },
    ];
  }

  /**
   * What inspection found in a version, list by list and page by page, however long: the version's record has only the
   * beginning of long ones. A page is verified once the last one was read.
   *
   * @throws StorageError as a load does.
   */
  readInspection(version: ModelVersion, options: Cancellable = {}): AsyncIterable<InspectionPage> {
    return readInspectionLists(version, { copies: this.#copies, ...options });
  }

  /** What a copy of this registry deleted while it was saved is sent again, where the source can be read again. */
  async #publish(options: SaveVersionOptions, source: Source): Promise<SavedVersion> {
    parseModelName(options.name);
    parseTags(options.tags ?? {});
    const { tags, metrics, parameters, lineage } = options;
    assertFitsRecord({ tags, metrics, parameters, lineage }, options.name);
    const { store = this.#storage.defaultStore, signal } = options;
    await assertAccepting(this.#registry.repositories.objects, [store]);
    const log = new ContentLog();
    for (let attempt = 1; ; attempt += 1) {
      const claim = await this.#claim.ensure(store, { signal });
      try {
        const saved = await this.#saveAndCommit({ ...options, store }, { ...source, claim, log });
        const isDuplicate = !saved.artifact.objects.some(({ digest }) => log.isWritten(digest));
        return { version: saved.version, isDuplicate, warnings: warningsOf(saved) };
      } catch (error) {
        if (!(error instanceof ObjectsGone)) throw error;
        if (!source.isRepeatable || attempt === mostAttempts) throw error.toStorageError();
      }
    }
  }

  async #saveAndCommit(
    options: SaveVersionOptions & { readonly store: string },
    { save, claim, log }: Source & { readonly claim: ClaimReading | undefined; readonly log: ContentLog },
  ): Promise<Committed> {
    const { store, signal, format, onProgress } = options;
    await using leases = new LeaseKeeper(this.#registry, {
      now: this.#now,
      createId: this.#createId,
      takeOver: (digest) => this.#reclaimer.takeOver(digest),
      signal,
    });
    const saver = new ArtifactSaver({
      storage: this.#storage,
      inspector: this.#inspector,
      leases,
      store,
      format,
      sourceName: options.sourceName,
      allowEmpty: options.allowEmpty ?? false,
      expectedDigest: options.expectedDigest,
      own: await OwnPlaces.resolve(this.#localPlaces),
      followLinks: options.followLinks ?? false,
      signal,
      onProgress,
      isDamaged: (digest) => this.#isDamaged(digest, store),
      log,
    });
    const artifact = await save(saver);
    const recorder = new VersionRecorder({ registry: this.#registry, storage: this.#storage, saver, store });
    const adapter = this.#storage.adapter(store);
    const version = await this.#publisher.publish({
      artifact,
      options,
      leases,
      saveRecord: (draft) => recorder.save(draft, { isNamed: claim !== undefined, signal }),
      confirm: async () => {
        if (claim === undefined) return;
        const lookAgain = () => assertStored(adapter, artifact.objects, { signal });
        await this.#claim.confirm(store, claim, { signal, lookAgain });
      },
      isWritten: ({ digest }) => log.isWritten(digest),
    });
    return { version, artifact };
  }

  async #isDamaged(digest: Digest, store: string): Promise<boolean> {
    const places = await this.#registry.repositories.objects.findLocations(digest);
    return places.some((place) => place.storeName === store && place.state === 'corrupt');
  }
}

/** How what is saved is brought into a store, and whether that can be done twice. */
interface Source {
  readonly save: (saver: ArtifactSaver) => Promise<Artifact>;
  readonly isRepeatable: boolean;
}

/** How often a save begins again when its objects are deleted meanwhile. */
const mostAttempts = 5;

interface Committed {
  readonly version: ModelVersion;
  readonly artifact: Artifact;
}

function assertLoadable(version: ModelVersion, kind: ArtifactKind): void {
  const name = `${version.modelName}:${version.number}`;
  if (isQuarantined(version.verdict)) {
    throw forbidden(`${name} is quarantined: its scan verdict is ${version.verdict}.`);
  }
  if (version.artifactKind !== kind) {
    throw unsupported(`${name} is a folder and cannot be read as one file.`, 'Write it to a folder.');
  }
}

function warningsOf({ version, artifact }: Committed): readonly string[] {
  const { leftOut = [] } = artifact;
  return [
    ...versionWarnings(version),
    ...(leftOut.length === 0
      ? []
      : [`Left out, since stores, registries and .git never go into a version: ${leftOut.join(', ')}.`]),
  ];
}
