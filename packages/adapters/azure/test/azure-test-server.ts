import { ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { AzureBlobStorageAdapter, type AzureBlobStorageOptions } from '@holdfast/adapter-azure';
import { type RunningService, azureTestAccount, azurite } from '@holdfast/tooling-services';
import { afterAll } from 'vitest';

/** A running server of Azure, and adapters of containers in it. */
export class AzureTestServer {
  readonly #service: RunningService;
  #containers = 0;

  private constructor(service: RunningService) {
    this.#service = service;
  }

  /** Starts a server for the tests of a file; `undefined` after one loud line when it is missing. */
  static async open(): Promise<AzureTestServer | undefined> {
    const running = await azurite.open();
    if (running === undefined) return undefined;
    afterAll(() => running[Symbol.asyncDispose]());
    return new AzureTestServer(running);
  }

  get endpoint(): string {
    return this.#service.address;
  }

  client(container: string): ContainerClient {
    const { account, accountKey } = azureTestAccount;
    return new ContainerClient(
      `${this.endpoint}/${container}`,
      new StorageSharedKeyCredential(account, accountKey),
    );
  }

  /** Makes a container of its own. */
  async makeContainer(): Promise<string> {
    const container = `container-${process.pid}-${++this.#containers}`;
    await this.client(container).create();
    return container;
  }

  adapter(
    options: Pick<AzureBlobStorageOptions, 'container'> & Partial<AzureBlobStorageOptions>,
  ): AzureBlobStorageAdapter {
    return new AzureBlobStorageAdapter({
      endpoint: this.endpoint,
      account: azureTestAccount.account,
      credentials: { accountKey: () => azureTestAccount.accountKey },
      transfer: { partSizeBytes: 1_048_576, bufferBytes: 4 * 1_048_576 },
      ...options,
    });
  }
}
