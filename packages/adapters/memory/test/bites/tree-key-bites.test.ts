import { runStorageCase, storageCases } from '@holdfast/conformance';
import type { ObjectKey } from '@holdfast/domain';
import {
  type ByteSource,
  type CopyOptions,
  type LateKey,
  type ObjectInfo,
  type PutOptions,
  type StorageCapabilities,
  StorageError,
  type StorageErrorCode,
} from '@holdfast/ports';
import { describe, expect, test } from 'vitest';
import { memoryCapabilities } from '../../src/storage/memory-capabilities.ts';
import { MemoryStorageAdapter } from '../../src/storage/memory-storage-adapter.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';

const capabilities: StorageCapabilities = { ...memoryCapabilities, keysBelowKeys: false };

/** Refuses what would be a file and a folder at once in a tree of files. */
class Tree extends MemoryStorageAdapter {
  override readonly capabilities: StorageCapabilities = capabilities;
  protected readonly code: StorageErrorCode = 'invalid-key';

  override put(key: ObjectKey | LateKey, body: ByteSource, options?: PutOptions): Promise<ObjectInfo> {
    const checked: LateKey = async (digest, sizeBytes) => {
      const known = typeof key === 'string' ? key : await key(digest, sizeBytes);
      await this.refuse(known, 'put');
      return known;
    };
    return super.put(checked, body, options);
  }

  override async copy(from: ObjectKey, to: ObjectKey, options?: CopyOptions): Promise<ObjectInfo> {
    if ((await this.head(from)) !== undefined) await this.refuse(to, 'copy');
    return super.copy(from, to, options);
  }

  protected async refuse(key: ObjectKey, operation: string): Promise<void> {
    const present: string[] = [];
    for await (const { objects } of this.list()) present.push(...objects.map((info) => info.key));
    if (!present.some((other) => this.collides(key, other))) return;
    throw new StorageError({
      code: this.code,
      operation,
      backend: this.backend,
      key,
      hint: 'Choose another.',
    });
  }

  protected collides(key: string, other: string): boolean {
    return key.startsWith(`${other}/`) || other.startsWith(`${key}/`);
  }
}

class TakesEveryKey extends Tree {
  protected override async refuse(): Promise<void> {}
}

class LooksOnlyUp extends Tree {
  protected override collides(key: string, other: string): boolean {
    return key.startsWith(`${other}/`);
  }
}

class LooksOnlyDown extends Tree {
  protected override collides(key: string, other: string): boolean {
    return other.startsWith(`${key}/`);
  }
}

class SaysItExists extends Tree {
  protected override readonly code: StorageErrorCode = 'already-exists';
}

class ReplacesTheFolder extends Tree {
  protected override async refuse(key: ObjectKey, operation: string): Promise<void> {
    await super.refuse(key, operation).catch(async (error: unknown) => {
      await this.delete([{ key: 'a/b' as ObjectKey }, { key: 'a/b/c' as ObjectKey }]);
      throw error;
    });
  }
}

describe('keys that are paths of a tree', () => {
  const cases = storageCases
    .filter((one) => one.lacks === 'keysBelowKeys' && one.name.startsWith('refuses'))
    .map((one) => [one.name, one] as const);

  test.each(cases)('hold: %s', async (_name, one) => {
    await runStorageCase(one, harnessOf(Tree));
  });

  const broken = { TakesEveryKey, LooksOnlyUp, LooksOnlyDown, SaysItExists, ReplacesTheFolder };
  test.each(
    Object.entries(broken).flatMap(([flaw, Adapter]) =>
      cases.map(([name, one]) => ({ flaw, name, Adapter, one })),
    ),
  )('bite $flaw: $name', async ({ Adapter, one }) => {
    await expect(runStorageCase(one, harnessOf(Adapter))).rejects.toThrow(Error);
  });
});

function harnessOf(Adapter: typeof MemoryStorageAdapter): Parameters<typeof runStorageCase>[1] {
  const createStore = (): { readonly open: () => MemoryStorageAdapter } => {
    const store = new MemoryStore();
    return { open: () => new Adapter({ store }) };
  };
  return { capabilities, createStore, keepsBytesInProcess: true };
}
