import {
  type RequestClock,
  type CloudDriver,
  CloudStorageAdapter,
  type CloudStorageConfiguration,
  resolveCloudConfiguration,
} from '@holdfast/adapter-kit';

/** Time that passes only where it is waited for. */
export class FakeClock implements RequestClock {
  #nowMs = 1_700_000_000_000;
  readonly sleptMs: number[] = [];

  readonly now = (): number => this.#nowMs;

  readonly random = (): number => 0.5;

  readonly sleep = async (durationMs: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    this.sleptMs.push(durationMs);
    this.#nowMs += durationMs;
    await new Promise(setImmediate);
  };
}

/** An adapter of a fake cloud. */
export class FakeCloudAdapter extends CloudStorageAdapter {
  constructor(
    driver: CloudDriver,
    changes: Partial<CloudStorageConfiguration> = {},
    clock: RequestClock = new FakeClock(),
  ) {
    const given = {
      bucket: 'fake',
      prefix: 'some/where/',
      transfer: { partSizeBytes: 100_000, bufferBytes: 400_000 },
    };
    super({
      driver,
      configuration: resolveCloudConfiguration({ ...given, ...changes }, driver.backend),
      clock,
    });
  }
}
