import type { RegistryStore, Repositories } from '@holdfast/domain';
import type { RegistryHarness, RegistryUnderTest } from './registry-harness.ts';

/** What one case works with: an empty store and handles to it. */
export class RegistryCaseContext implements AsyncDisposable, Repositories {
  /** The first handle. */
  readonly store: RegistryStore;
  readonly propertyRuns: number;
  readonly #harness: RegistryHarness;
  readonly #underTest: RegistryUnderTest;
  readonly #handles: RegistryStore[];
  readonly #others: RegistryCaseContext[] = [];

  private constructor(harness: RegistryHarness, underTest: RegistryUnderTest, store: RegistryStore) {
    this.store = store;
    this.propertyRuns = harness.propertyRuns ?? 20;
    this.#harness = harness;
    this.#underTest = underTest;
    this.#handles = [store];
  }

  /** Makes an empty store and opens it. */
  static async create(harness: RegistryHarness): Promise<RegistryCaseContext> {
    const underTest = await harness.createStore();
    return new RegistryCaseContext(harness, underTest, await underTest.open());
  }

  get models(): Repositories['models'] {
    return this.store.repositories.models;
  }

  get versions(): Repositories['versions'] {
    return this.store.repositories.versions;
  }

  get aliases(): Repositories['aliases'] {
    return this.store.repositories.aliases;
  }

  get objects(): Repositories['objects'] {
    return this.store.repositories.objects;
  }

  get archive(): Repositories['archive'] {
    return this.store.repositories.archive;
  }

  get manifests(): Repositories['manifests'] {
    return this.store.repositories.manifests;
  }

  get fence(): Repositories['fence'] {
    return this.store.repositories.fence;
  }

  get records(): Repositories['records'] {
    return this.store.repositories.records;
  }

  get series(): Repositories['series'] {
    return this.store.repositories.series;
  }

  /** Opens another handle to the same store. */
  async open(): Promise<RegistryStore> {
    const handle = await this.#underTest.open();
    this.#handles.push(handle);
    return handle;
  }

  /** The first handle, and a second one where the store can be opened twice. */
  async handles(): Promise<readonly RegistryStore[]> {
    return this.#harness.opensOnce === true ? [this.store] : [this.store, await this.open()];
  }

  /** Makes another empty store. */
  async another(): Promise<RegistryCaseContext> {
    const other = await RegistryCaseContext.create(this.#harness);
    this.#others.push(other);
    return other;
  }

  /** Disposes all handles, then removes the store. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#others.map((other) => other[Symbol.asyncDispose]()));
    await Promise.allSettled(this.#handles.map((handle) => handle[Symbol.asyncDispose]()));
    await this.#underTest.remove?.();
  }
}
