import type { Cancellable, StorageSpace } from '@holdfast/ports';
import { MemoryStorageAdapter } from '../../src/storage/memory-storage-adapter.ts';
import { testBites } from './test-bites.ts';

/** Has room for a gibibyte, and says so. */
class Bounded extends MemoryStorageAdapter {
  protected override async measureSpace(_options: Cancellable): Promise<StorageSpace | undefined> {
    return { freeBytes: 2 ** 30, totalBytes: 2 ** 30 };
  }
}

class TellsHalvesOfBytes extends MemoryStorageAdapter {
  protected override async measureSpace(): Promise<StorageSpace> {
    return { freeBytes: 0.5 };
  }
}

class OwesRoom extends MemoryStorageAdapter {
  protected override async measureSpace(): Promise<StorageSpace> {
    return { freeBytes: -1, totalBytes: 10 };
  }
}

class HasMoreFreeThanThereIs extends MemoryStorageAdapter {
  protected override async measureSpace(): Promise<StorageSpace> {
    return { freeBytes: 11, totalBytes: 10 };
  }
}

class WritesToMeasure extends Bounded {
  override async space(options?: Cancellable): Promise<StorageSpace | undefined> {
    await this.put('measuring' as Parameters<MemoryStorageAdapter['put']>[0], new Uint8Array(1));
    return super.space(options);
  }
}

class MeasuresOnWhenCancelled extends Bounded {
  override space(): Promise<StorageSpace | undefined> {
    return super.space();
  }
}

class IsSilentWhenCancelled extends Bounded {
  override async space(options: Cancellable = {}): Promise<StorageSpace | undefined> {
    if (options.signal?.aborted === true) return super.space(options);
    return new Promise(() => undefined);
  }
}

const tells = 'tells room that can be, or none';
const stops = 'stops telling its room when it is cancelled';

testBites(
  [
    [TellsHalvesOfBytes, tells],
    [OwesRoom, tells],
    [HasMoreFreeThanThereIs, tells],
    [WritesToMeasure, tells],
    [MeasuresOnWhenCancelled, stops],
    [IsSilentWhenCancelled, stops],
  ],
  Bounded,
);
