import { MemoryRegistryRecords, MemoryRegistryStore } from '@holdfast/adapter-memory';
import { StorageError } from '@holdfast/ports';

type Session = Parameters<Parameters<MemoryRegistryRecords['transaction']>[0]>[0];

/** A registry whose database is not there: empty, nameless, and refusing every write. */
export class AbsentRegistry extends MemoryRegistryStore {
  readonly #url: string;

  constructor(url: string) {
    super({ records: new AbsentRecords(url) });
    this.#url = url;
  }

  /** A store must not be claimed for a registry that nobody will see again. */
  override registryId(): Promise<string> {
    return Promise.reject(refusal('registryId', this.#url));
  }
}

class AbsentRecords extends MemoryRegistryRecords {
  readonly #url: string;

  constructor(url: string) {
    super();
    this.#url = url;
  }

  override write<T>(operation: string): Promise<T> {
    return Promise.reject(refusal(operation, this.#url));
  }

  override transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return super.transaction((session) =>
      work({
        read: (operation, read) => session.read(operation, read),
        write: (operation) => this.write(operation),
      }),
    );
  }
}

function refusal(operation: string, url: string): StorageError {
  return new StorageError({
    code: 'permission-denied',
    operation,
    message: `There is no registry at ${url} yet, and nothing is to be made.`,
    hint: 'Save a model first: that makes it.',
  });
}
