import type { Digest, ObjectKey } from '@holdfast/domain';
import {
  type ByteSource,
  type CopyOptions,
  type DeleteOptions,
  type DeleteResult,
  type DeleteTarget,
  type GetOptions,
  type LateKey,
  type ObjectInfo,
  type ObjectReader,
  type PutOptions,
  StorageError,
  type TransactionOperation,
  type TransactionOptions,
} from '@holdfast/ports';
import { MemoryStorageAdapter } from '../../src/storage/memory-storage-adapter.ts';
import { testBites } from './test-bites.ts';

class Sound extends MemoryStorageAdapter {}

class LosesUpdates extends MemoryStorageAdapter {
  override async put(
    key: ObjectKey | LateKey,
    body: ByteSource,
    options: PutOptions = {},
  ): Promise<ObjectInfo> {
    const { mode, ...rest } = options;
    if (typeof mode !== 'object' || typeof key === 'function') return super.put(key, body, options);
    const present = await this.head(key);
    if (present?.etag !== mode.ifMatch) return super.put(key, body, options);
    return super.put(key, body, rest);
  }
}

class LooksBeforeItCreates extends MemoryStorageAdapter {
  override async put(
    key: ObjectKey | LateKey,
    body: ByteSource,
    options: PutOptions = {},
  ): Promise<ObjectInfo> {
    const { mode, ...rest } = options;
    if (mode !== 'create' || typeof key === 'function') return super.put(key, body, options);
    return (await this.head(key)) === undefined ? super.put(key, body, rest) : super.put(key, body, options);
  }
}

class ForgetsConditionsOnStreams extends MemoryStorageAdapter {
  override put(key: ObjectKey | LateKey, body: ByteSource, options: PutOptions = {}): Promise<ObjectInfo> {
    const { mode: _forgotten, ...rest } = options;
    return super.put(key, body, body instanceof Uint8Array ? options : rest);
  }
}

class TakesTheStarForAnyState extends MemoryStorageAdapter {
  override put(key: ObjectKey | LateKey, body: ByteSource, options: PutOptions = {}): Promise<ObjectInfo> {
    const { mode, ...rest } = options;
    const isAny = typeof mode === 'object' && mode.ifMatch === '*';
    return super.put(key, body, isAny ? rest : options);
  }
}

class ForgetsDeleteConditions extends MemoryStorageAdapter {
  override delete(
    targets: readonly DeleteTarget[],
    options?: DeleteOptions,
  ): Promise<readonly DeleteResult[]> {
    return super.delete(
      targets.map(({ key }) => ({ key })),
      options,
    );
  }
}

class StopsDeletingAtARefusal extends MemoryStorageAdapter {
  override async delete(
    targets: readonly DeleteTarget[],
    options?: DeleteOptions,
  ): Promise<readonly DeleteResult[]> {
    const results: DeleteResult[] = [];
    for (const target of targets) {
      const [result] = await super.delete([target], options);
      if (result !== undefined) results.push(result);
      if (result !== undefined && 'error' in result) break;
    }
    return results;
  }
}

class ForgetsWhatIsKnown extends MemoryStorageAdapter {
  override get(key: ObjectKey, options: GetOptions = {}): Promise<ObjectReader | undefined> {
    const { ifNoneMatch: _forgotten, ...rest } = options;
    return super.get(key, rest);
  }
}

class ForgetsTheReadCondition extends MemoryStorageAdapter {
  override get(key: ObjectKey, options: GetOptions = {}): Promise<ObjectReader | undefined> {
    const { ifMatch: _forgotten, ...rest } = options;
    return super.get(key, rest);
  }
}

class NamesStatesByContent extends MemoryStorageAdapter {
  override async put(key: ObjectKey | LateKey, body: ByteSource, options?: PutOptions): Promise<ObjectInfo> {
    const info = await super.put(key, body, options);
    return { ...info, etag: info.checksum ?? info.etag };
  }
}

class NamesNoKeyInErrors extends MemoryStorageAdapter {
  override async put(key: ObjectKey | LateKey, body: ByteSource, options?: PutOptions): Promise<ObjectInfo> {
    try {
      return await super.put(key, body, options);
    } catch (error) {
      if (!StorageError.isInstance(error)) throw error;
      throw new StorageError({ code: error.code, operation: 'put', backend: this.backend });
    }
  }
}

class LosesMetadataOnCopy extends MemoryStorageAdapter {
  override copy(from: ObjectKey, to: ObjectKey, options: CopyOptions = {}): Promise<ObjectInfo> {
    return super.copy(from, to, { metadata: {}, ...options });
  }
}

class ForgetsTheCopyCondition extends MemoryStorageAdapter {
  override copy(
    from: ObjectKey,
    to: ObjectKey,
    { mode: _forgotten, ...options }: CopyOptions = {},
  ): Promise<ObjectInfo> {
    return super.copy(from, to, options);
  }
}

/** The copy is another name of the source until something is written to it. */
class SharesCopies extends MemoryStorageAdapter {
  readonly #aliases = new Map<string, ObjectKey>();

  override async copy(from: ObjectKey, to: ObjectKey, options?: CopyOptions): Promise<ObjectInfo> {
    const info = await super.copy(from, to, options);
    this.#aliases.set(to, from);
    return info;
  }

  override get(key: ObjectKey, options?: GetOptions): Promise<ObjectReader | undefined> {
    return super.get(this.#aliases.get(key) ?? key, options);
  }
}

class AppliesStepByStep extends MemoryStorageAdapter {
  override async transaction(
    operations: readonly TransactionOperation[],
    options: TransactionOptions = {},
  ): Promise<readonly ObjectInfo[]> {
    const infos: ObjectInfo[] = [];
    for (const operation of operations) infos.push(...(await super.transaction([operation], options)));
    return infos;
  }
}

class DisposesAtOnce extends MemoryStorageAdapter {
  #isDisposed = false;

  override head(key: ObjectKey): Promise<ObjectInfo | undefined> {
    if (!this.#isDisposed) return super.head(key);
    return Promise.reject(
      new StorageError({ code: 'invalid-argument', operation: 'head', backend: this.backend }),
    );
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
  }
}

class WorksAfterItsDisposal extends MemoryStorageAdapter {
  override async [Symbol.asyncDispose](): Promise<void> {}
}

class LeavesItsProbe extends MemoryStorageAdapter {
  override async check(): Promise<void> {
    await this.put(`probe/${crypto.randomUUID()}` as ObjectKey, new Uint8Array(1));
  }
}

class TellsAnotherChecksum extends MemoryStorageAdapter {
  override async put(key: ObjectKey | LateKey, body: ByteSource, options?: PutOptions): Promise<ObjectInfo> {
    return { ...(await super.put(key, body, options)), checksum: `sha256:${'0'.repeat(64)}` as Digest };
  }
}

const bites: readonly (readonly [typeof MemoryStorageAdapter, string])[] = [
  [LosesUpdates, 'counts to fifty with five workers of ten increments each'],
  [LosesUpdates, 'lets one of many replacers of one state win'],
  [LosesUpdates, 'decides a condition when the object is written, not before'],
  [LooksBeforeItCreates, 'lets one of many creators win'],
  [LooksBeforeItCreates, 'decides whether it creates when the object is written, not before'],
  [ForgetsConditionsOnStreams, 'creates only when nothing is there'],
  [ForgetsConditionsOnStreams, 'replaces only the state that is named'],
  [TakesTheStarForAnyState, 'matches no etag that means something else elsewhere'],
  [ForgetsDeleteConditions, 'deletes only the state that is named'],
  [StopsDeletingAtARefusal, 'goes on after a refusal'],
  [ForgetsWhatIsKnown, 'reads only another state than the one that is named'],
  [ForgetsTheReadCondition, 'reads only the state that is named'],
  [NamesStatesByContent, 'never uses an etag again, not for an object deleted and made anew'],
  [NamesNoKeyInErrors, 'creates only when nothing is there'],
  [LosesMetadataOnCopy, 'copies metadata, or replaces it where it is given'],
  [ForgetsTheCopyCondition, 'creates a copy only when nothing is there'],
  [ForgetsTheCopyCondition, 'lets one of many copies win'],
  [SharesCopies, 'makes copies that live and die by themselves'],
  [AppliesStepByStep, 'does nothing because of a wrong checksum'],
  [AppliesStepByStep, 'is seen by a listing as a whole'],
  [AppliesStepByStep, 'lets one of two transactions over the same keys win, and mixes nothing'],
  [AppliesStepByStep, 'does nothing because of a key that comes twice'],
  [DisposesAtOnce, 'finishes what is under way before it ends'],
  [WorksAfterItsDisposal, 'refuses everything after its disposal'],
  [LeavesItsProbe, 'finds a store in order, and leaves no probe behind'],
  [TellsAnotherChecksum, 'tells the same of an object by put, head and get'],
];

testBites(bites, Sound);
