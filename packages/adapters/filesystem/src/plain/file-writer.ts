import { constants } from 'node:fs';
import { type FileHandle, copyFile, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MeteredSource } from '@holdfast/adapter-kit';
import { type ObjectKey, StorageBackend } from '@holdfast/domain';
import {
  fileStateOf,
  isAbsent,
  isFolderInstead,
  isSameFileState,
  removeFile,
  renamePatiently,
} from '@holdfast/files';
import {
  type ByteSource,
  type CopyOptions,
  type LateKey,
  type ObjectInfo,
  type OperationContext,
  type PutOptions,
  StorageError,
  throwIfCancelled,
} from '@holdfast/ports';
import { writeChunks } from '../file/write-chunks.ts';
import { Durability } from '../storage-layout.ts';
import { Draft } from './draft.ts';
import { stampFile, toObjectInfo } from './file-state.ts';
import type { FolderTree, MadePlace } from './folder-tree.ts';
import { lookAt } from './look-at.ts';
import { mostAttempts, publishFile } from './publish-file.ts';
import { alreadyThere, changedMeanwhile, maybeWritten, standsInTheWay } from './refusals.ts';
import { temporaryFileName } from './temporary-file-name.ts';

const backend = StorageBackend.LocalFilesystem;

/** What a published file is to be. */
interface Publication extends Pick<PutOptions, 'mode' | 'signal'> {
  readonly key: ObjectKey;
  readonly context: OperationContext;
  readonly place: MadePlace;
}

/**
 * Writes files whole or not at all: each into a temporary one in the same folder, which then takes its name.
 * The temporary file also keeps the folder from being removed as an empty one.
 */
export class FileWriter {
  readonly #tree: FolderTree;
  readonly #durability: Durability;

  constructor(tree: FolderTree, durability: Durability) {
    this.#tree = tree;
    this.#durability = durability;
  }

  /** Writes an object; `{ ifMatch }` is not known here. */
  async put(key: ObjectKey | LateKey, source: ByteSource, options: PutOptions): Promise<ObjectInfo> {
    if (typeof key === 'function') return this.#putLate(key, source, options);
    const context: OperationContext = { operation: 'put', backend, key };
    await this.#refuseEarly(key, options, context);
    const { draft, place } = await this.#draftFor(key, context, (path) => this.#openNew(path));
    await using owned = draft;
    await this.#write(owned, source, { ...options, context });
    return await this.#publish(owned, { ...options, key, context, place });
  }

  /** Copies an object, sharing its blocks where the file system can, never its file. */
  async copy(from: ObjectKey, to: ObjectKey, options: CopyOptions): Promise<ObjectInfo> {
    const context: OperationContext = { operation: 'copy', backend, key: to };
    await this.#sourceOf(from);
    const { draft, place } = await this.#draftFor(to, context, async (path) => {
      await copyStill(await this.#sourceOf(from), path, { ...context, key: from });
      return open(path, 'r');
    });
    await using owned = draft;
    await stampFile(owned.file);
    if (this.#durability !== Durability.None) await owned.file.sync();
    return await this.#publish(owned, { ...options, key: to, context, place });
  }

  /** The bytes come first: they are written in the root, and moved when the key is known. */
  async #putLate(lateKey: LateKey, source: ByteSource, options: PutOptions): Promise<ObjectInfo> {
    const path = join(this.#tree.root, temporaryFileName());
    await using draft = new Draft(await this.#openNew(path), this.#tree, { folder: this.#tree.root, path });
    const early: OperationContext = { operation: 'put', backend };
    const { digest, sizeBytes } = await this.#write(draft, source, { ...options, context: early });
    const key = await lateKey(digest, sizeBytes);
    const context = { ...early, key };
    const place = await this.#attempt(key, context, async (made, beside) => {
      await renamePatiently(draft.path, beside);
      draft.movedTo(made.folder, beside);
      await keepMode(draft.file, made.path);
      return made;
    });
    return await this.#publish(draft, { ...options, key, context, place });
  }

  #openNew(path: string): Promise<FileHandle> {
    return open(path, 'wx', this.#tree.modes.file);
  }

  async #write(
    { file }: Draft,
    source: ByteSource,
    { context, ...options }: PutOptions & { readonly context: OperationContext },
  ): Promise<ReturnType<MeteredSource['finish']>> {
    const metered = new MeteredSource(source, options, context);
    await writeChunks(file, metered, {
      isSynced: this.#durability !== Durability.None,
      meanwhile: () => metered.hashLent(),
      beforeSync: () => stampFile(file),
    });
    return metered.finish();
  }

  async #publish(draft: Draft, publication: Publication): Promise<ObjectInfo> {
    const { key, context, place, mode, signal } = publication;
    throwIfCancelled(signal, context);
    await publishFile(draft.path, place.path, { context, tree: this.#tree, isNew: mode === 'create' });
    draft.published();
    try {
      if (this.#durability === Durability.Full) await this.#tree.sync(place);
      return toObjectInfo(key, await draft.file.stat({ bigint: true }));
    } catch (error) {
      throw maybeWritten(context, error);
    }
  }

  #draftFor(
    key: ObjectKey,
    context: OperationContext,
    create: (path: string) => Promise<FileHandle>,
  ): Promise<{ readonly draft: Draft; readonly place: MadePlace }> {
    return this.#attempt(key, context, async (place, path) => {
      const file = await create(path);
      const draft = new Draft(file, this.#tree, { folder: place.folder, path });
      try {
        await keepMode(file, place.path);
        return { draft, place };
      } catch (error) {
        await draft[Symbol.asyncDispose]();
        throw error;
      }
    });
  }

  /** Makes the folders of a key and a file in them, again where something is removed or replaced in between. */
  async #attempt<T>(
    key: ObjectKey,
    context: OperationContext,
    work: (place: MadePlace, temporary: string) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#tryOnce(key, context, work);
      } catch (error) {
        if ((!isAbsent(error) && !isFolderInstead(error)) || attempt === mostAttempts) throw error;
      }
    }
  }

  async #tryOnce<T>(
    key: ObjectKey,
    context: OperationContext,
    work: (place: MadePlace, temporary: string) => Promise<T>,
  ): Promise<T> {
    const place = await this.#tree.make(key, context);
    const temporary = join(place.folder, temporaryFileName());
    try {
      return await work(place, temporary);
    } catch (error) {
      await removeFile(temporary).catch(() => undefined);
      await this.#tree.prune(place.folder);
      throw error;
    }
  }

  /** Spares the upload of what will be refused. What is there when the file takes its name decides. */
  async #refuseEarly(key: ObjectKey, { mode }: PutOptions, context: OperationContext): Promise<void> {
    const place = await this.#tree.find(key, context);
    const seen = place === undefined ? undefined : await lookAt(place.path);
    if (seen?.kind === 'other') throw standsInTheWay(context, place?.path ?? '');
    if (seen?.kind === 'file' && mode === 'create') throw alreadyThere(context);
  }

  async #sourceOf(key: ObjectKey): Promise<string> {
    const context: OperationContext = { operation: 'copy', backend, key };
    const place = await this.#tree.find(key, context);
    const seen = place === undefined ? undefined : await lookAt(place.path);
    if (place === undefined || seen === undefined || seen.kind === 'folder')
      throw new StorageError({ ...context, code: 'not-found' });
    if (seen.kind === 'other') throw standsInTheWay(context, place.path);
    return place.path;
  }
}

/**
 * One that is replaced as a whole meanwhile is copied as it was before or is after that. The source stays open,
 * so that the file that replaces it cannot get its inode number and look like it, rewritten.
 */
async function copyStill(from: string, to: string, context: OperationContext): Promise<void> {
  await using source = await open(from, 'r');
  const before = await source.stat({ bigint: true });
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  const after = await stat(from, { bigint: true }).catch(() => undefined);
  const isReplaced = after?.ino !== before.ino;
  if (!isReplaced && !isSameFileState(fileStateOf(before), fileStateOf(after)))
    throw changedMeanwhile(context, from);
}

/** A file that takes another one's place may be read by the same people, from before its first byte. */
async function keepMode(file: FileHandle, path: string): Promise<void> {
  const seen = await lookAt(path);
  if (seen?.kind === 'file') await file.chmod(Number(seen.stats.mode & 0o777n));
}
