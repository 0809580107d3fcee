import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MLflowStorageAdapter, type MlflowStorageOptions } from '@holdfast/adapter-mlflow';
import { type RunningService, mlflow } from '@holdfast/tooling-services';
import { afterAll } from 'vitest';

/** A running MLflow server, and adapters of folders in it. */
export class MlflowTestServer {
  readonly #service: RunningService;
  #stores = 0;

  private constructor(service: RunningService) {
    this.#service = service;
  }

  /** Starts a server for the tests of a file; `undefined` after one loud line when it is missing. */
  static async open(): Promise<MlflowTestServer | undefined> {
    const running = await mlflow.open();
    if (running === undefined) return undefined;
    afterAll(() => running[Symbol.asyncDispose]());
    return new MlflowTestServer(running);
  }

  get endpoint(): string {
    return this.#service.address;
  }

  /** A prefix of its own. */
  newPrefix(): string {
    return `stores/${process.pid}-${++this.#stores}/`;
  }

  adapter(options: Partial<MlflowStorageOptions> = {}): MLflowStorageAdapter {
    return new MLflowStorageAdapter({
      endpoint: this.endpoint,
      transfer: { partSizeBytes: 1_048_576, bufferBytes: 4_194_304 },
      ...options,
    });
  }

  /** The files that the server has below a prefix, those it does not list included. */
  async files(prefix: string): Promise<readonly string[]> {
    const { folder } = this.#service;
    if (folder === undefined) return [];
    const entries = await readdir(join(folder, 'artifacts', prefix), {
      recursive: true,
      withFileTypes: true,
    }).catch(() => []);
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  }

  /** How many files of broken uploads are left; the server needs a moment to notice. */
  async unfinishedUploads(prefix: string): Promise<number> {
    const deadline = performance.now() + 10_000;
    for (;;) {
      const files = await this.files(prefix);
      const left = files.filter((name) => name.startsWith('.artifact.uploading.')).length;
      if (left === 0 || performance.now() > deadline) return left;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
