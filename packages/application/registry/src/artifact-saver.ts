import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import {
  ArtifactKind,
  type Digest,
  type ModelStorageInfo,
  ScanVerdict,
  SerializationFormat,
  type TreeEntry,
  createTreeManifest,
  digestOfHex,
  printTreeManifest,
  treeManifestContentType,
} from '@holdfast/domain';
import type { ByteRangeSource, FormatInspection } from '@holdfast/formats';
import type { ByteSource, Cancellable } from '@holdfast/ports';
import {
  FileRangeSource,
  type LocalFileSource,
  type OnProgress,
  type SaveOptions,
  type SaveReceipt,
  type StorageService,
} from '@holdfast/storage';
import type { Artifact, StoredContent } from './artifact.ts';
import { boundInspection } from './bound-inspection.ts';
import type { ContentLog } from './content-log.ts';
import { type SavedFile, readFolder } from './folder-reading.ts';
import { signatureOf } from './inspection-facts.ts';
import type { Inspector, InspectorRequest } from './inspection/inspector.ts';
import { LocalFolder } from './inspection/local-folder.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import type { OwnPlaces } from './own-places.ts';
import { inspectionListContentType } from './read-inspection-list.ts';
import { readStill } from './read-still.ts';
import { conflict, forbiddenInput } from './registry-error.ts';
import { versionManifestContentType } from './version-manifest.ts';

export interface ArtifactSaverOptions extends Cancellable {
  readonly storage: StorageService;
  readonly inspector: Inspector;
  readonly leases: LeaseKeeper;
  readonly store: string;
  /** The format to hold the bytes to; found out when not given. `binary` takes any bytes, uninspected. */
  readonly format?: SerializationFormat | undefined;
  /** The name of the file or folder that the bytes come from. */
  readonly sourceName?: string | undefined;
  /** Take a file without bytes, or a folder without files. */
  readonly allowEmpty: boolean;
  /** What the file, or the manifest of the folder, must be. */
  readonly expectedDigest?: Digest | undefined;
  /** What never goes into a version. */
  readonly own: OwnPlaces;
  /** Take what links in a folder lead to, wherever it is. */
  readonly followLinks: boolean;
  /** Digests whose stored bytes are known to be damaged are written again. */
  readonly isDamaged: (digest: Digest) => Promise<boolean>;
  /** Told what is written, so that it can be undone. */
  readonly log: ContentLog;
  /** Told of the artifact's own bytes, not of the manifests. */
  readonly onProgress?: OnProgress | undefined;
}

const digestOfNothing = digestOfHex(createHash('sha256').digest('hex'));

/** Brings files and folders into a store and looks into them there. */
export class ArtifactSaver {
  readonly #options: ArtifactSaverOptions;

  constructor(options: ArtifactSaverOptions) {
    this.#options = options;
  }

  /**
   * Saves a local file. It is inspected before anything is written, so that broken bytes are refused early. The
   * source refuses a file that changes after it was opened, so what was inspected is what is saved.
   *
   * @throws StorageError `precondition-failed` when the file is written to while it is read, and read again;
   *   `invalid-argument` when it belongs to a store or registry.
   * @throws FormatError when the bytes break the rules of the format that they claim, or are in another than asked for.
   */
  async saveFile(path: string): Promise<Artifact> {
    const { own, signal } = this.#options;
    await own.assertOutside(path);
    const save = async (source: LocalFileSource): Promise<Artifact> => {
      if (source.sizeBytes === 0) this.#refuseEmpty(`${path} is empty.`);
      await using file = await FileRangeSource.open(path);
      const inspection = await this.#inspect(file, path);
      return { ...(await this.#saveInspected(source, inspection)), isExecutable: source.isExecutable };
    };
    return await readStill(path, save, { signal });
  }

  /**
   * Saves bytes and inspects what was stored.
   *
   * @throws FormatError as {@link ArtifactSaver.saveFile} does; the bytes are in the store then, and needed by nobody.
   */
  saveBytes(data: ByteSource): Promise<Artifact> {
    return this.#saveInspected(data);
  }

  /** A file that stays as it is needs to be looked into once; a stream is looked into when it is stored. */
  async #saveInspected(data: ByteSource, known?: FormatInspection): Promise<Artifact> {
    const { storage, onProgress } = this.#options;
    const receipt = await this.#save(data, onProgress === undefined ? {} : { onProgress }, (digest) => {
      this.#assertExpected(digest);
      if (digest === digestOfNothing) this.#refuseEmpty('There is nothing to save: the input ended at once.');
    });
    const inspection = known ?? (await this.#inspect(storage.rangeSource(receipt.info, this.#cancellable)));
    return {
      kind: ArtifactKind.File,
      storage: receipt.info.with({ format: inspection.format }),
      totalSizeBytes: receipt.info.sizeBytes,
      fileCount: 1,
      ...(await this.#facts(inspection, [toContent(receipt)])),
    };
  }

  /**
   * Saves a folder as it is at one moment: each file under its digest, then the manifest that lists them.
   *
   * @throws StorageError as the walk and the reading do.
   */
  async saveFolder(folder: string): Promise<Artifact> {
    const { own, followLinks, onProgress } = this.#options;
    await own.assertOutside(folder);
    const { files, emptyFolders, leftOut } = await readFolder(folder, {
      own,
      followLinks,
      onProgress,
      save: (source, report) => this.#save(source, { onProgress: report }),
    });
    if (files.length === 0) this.#refuseEmpty(`${folder} holds no files.`);
    const entries = files.map(toEntry);
    const manifest = Buffer.from(printTreeManifest(createTreeManifest(entries, emptyFolders)));
    const receipt = await this.#save(manifest, this.#typed(treeManifestContentType), (digest) =>
      this.#assertExpected(digest),
    );
    const receipts = files.map((file) => file.receipt);
    const inspection = await this.#inspectFolder(files, basename(folder));
    return {
      kind: ArtifactKind.Tree,
      storage: receipt.info.with({ format: inspection.format }),
      totalSizeBytes: entries.reduce((sum, entry) => sum + entry.sizeBytes, 0),
      fileCount: entries.length,
      leftOut,
      ...(await this.#facts(inspection, [...receipts, receipt].map(toContent))),
    };
  }

  /** Saves the record of a version beside its bytes. */
  async saveManifest(bytes: Uint8Array): Promise<StoredContent> {
    return toContent(await this.#save(bytes, this.#typed(versionManifestContentType)));
  }

  /** A store that keeps no content types does without: nothing is read by them here. */
  #typed(contentType: string): Pick<SaveOptions, 'contentType'> {
    const { storage, store } = this.#options;
    return storage.adapter(store).capabilities.contentType ? { contentType } : {};
  }

  get #cancellable(): Cancellable {
    return { signal: this.#options.signal };
  }

  async #facts(
    inspection: FormatInspection,
    objects: readonly StoredContent[],
  ): Promise<Pick<Artifact, 'inspection' | 'inspectionList' | 'signature' | 'verdict' | 'objects'>> {
    const { document, lines } = boundInspection(inspection);
    const facts = {
      inspection: document,
      signature: signatureOf(inspection),
      verdict: ScanVerdict.Unscanned,
    };
    if (lines === undefined) return { ...facts, objects };
    const list = toContent(await this.#save(Readable.from(lines()), this.#typed(inspectionListContentType)));
    const { digest, sizeBytes } = list;
    return { ...facts, inspectionList: { digest, sizeBytes }, objects: [...objects, list] };
  }

  #inspect(source: ByteRangeSource, location?: string): Promise<FormatInspection> {
    const request = this.#request(location === undefined ? undefined : basename(location));
    return this.#options.inspector.inspectFile(source, { ...request, location });
  }

  #request(name: string | undefined): InspectorRequest {
    const { format, signal, sourceName } = this.#options;
    return { format, signal, path: sourceName ?? name };
  }

  /** Looks into the files where they are, and into what was stored when one of them was changed meanwhile. */
  async #inspectFolder(files: readonly SavedFile[], name: string): Promise<FormatInspection> {
    const { inspector, storage } = this.#options;
    const request = this.#request(name);
    await using local = new LocalFolder(files.map(({ file }) => file));
    const look = inspector.inspectFolder(local, request);
    await Promise.allSettled([look]);
    if (!(await local.hasChanged())) return await look;
    const infos = new Map(files.map(({ file, receipt }) => [file.path, receipt.info]));
    const open = (path: string): ByteRangeSource =>
      storage.rangeSource(infos.get(path) as ModelStorageInfo, this.#cancellable);
    return await inspector.inspectFolder({ entries: local.entries, open }, request);
  }

  #refuseEmpty(message: string): void {
    if (this.#options.allowEmpty) return;
    throw forbiddenInput(message, 'To save it all the same: --allow-empty, in a program allowEmpty.');
  }

  #assertExpected(digest: Digest): void {
    const { expectedDigest } = this.#options;
    if (expectedDigest === undefined || digest === expectedDigest) return;
    throw conflict(
      `The digest is ${digest}, and ${expectedDigest} was expected.`,
      'Get the file again, or compare with what its origin states.',
    );
  }

  async #save(
    data: ByteSource,
    options: Pick<SaveOptions, 'contentType' | 'onProgress'>,
    assert: (digest: Digest) => void = () => undefined,
  ): Promise<SaveReceipt> {
    const { storage, leases, log, store, signal, isDamaged } = this.#options;
    const receipt = await storage.saveWithReceipt(data, {
      store,
      signal,
      format: SerializationFormat.Binary,
      isDamaged,
      onDigest: async (digest) => {
        assert(digest);
        log.begin(digest);
        return leases.hold(digest);
      },
      ...options,
    });
    log.end(receipt.info.checksum, receipt.isDuplicate);
    return receipt;
  }
}

function toEntry({ file, receipt }: SavedFile): TreeEntry {
  const { checksum, sizeBytes } = receipt.info;
  return { path: file.path, sizeBytes, digest: checksum, ...(file.isExecutable ? { executable: true } : {}) };
}

function toContent({ info }: SaveReceipt): StoredContent {
  return {
    digest: info.checksum,
    storeName: info.storeName ?? '',
    key: info.storagePath,
    sizeBytes: info.sizeBytes,
  };
}
