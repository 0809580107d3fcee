import { parseObjectKey } from '@holdfast/domain';
import { StorageError, type WriteMode } from '@holdfast/ports';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FakeCloudAdapter } from './fake-cloud-adapter.ts';
import { FakeCloud, FakeServer, type Mishap } from './fake-cloud.ts';

const key = parseObjectKey('model');
const name = 'some/where/model';
const [old, fresh] = [Buffer.from('old'), Buffer.from('fresh')];

describe('the outcome of a write', () => {
  test('is told right whatever the network does', async () => {
    const mishaps = fc.array(fc.constantFrom<Mishap>(undefined, 'refused', 'answer lost', 'slow down'), {
      maxLength: 30,
    });
    const sizes = fc.constantFrom(5, 250_000);
    const modes = fc.constantFrom('overwrite' as const, 'create' as const, 'ifMatch' as const);
    await fc.assert(
      fc.asyncProperty(mishaps, sizes, modes, async (plan, sizeBytes, wanted) => {
        const server = new FakeServer();
        await using adapter = new FakeCloudAdapter(new FakeCloud(server), { retry: { attempts: 4 } });
        const before = wanted === 'create' ? undefined : await adapter.put(key, old);
        const mode: WriteMode = wanted === 'ifMatch' ? { ifMatch: before?.etag ?? '' } : wanted;
        server.mishap = () => plan.shift();
        const bytes = Buffer.alloc(sizeBytes, 'n');
        const outcome = await outcomeOf(adapter.put(key, bytes, { mode }));
        const isWritten = server.objects.get(name)?.bytes.equals(bytes) ?? false;
        if (outcome === 'done') expect(isWritten).toBe(true);
        else if (outcome !== 'indeterminate') expect(isWritten, outcome).toBe(false);
        expect(['done', 'indeterminate', 'unavailable', 'rate-limited']).toContain(outcome);
        if (outcome === 'done') expect(server.uploads.size).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  test('is success when the answer of a create was lost and its repetition is refused', async () => {
    const server = new FakeServer();
    await using adapter = new FakeCloudAdapter(new FakeCloud(server));
    server.mishap = (_method, count) => (count <= 2 ? 'answer lost' : undefined);
    const info = await adapter.put(key, fresh, { mode: 'create' });
    expect(await adapter.head(key)).toEqual(info);
  });

  test.each(['create', 'replace'])(
    'cannot be told when somebody else came after a lost answer: %s',
    async (kind) => {
      const server = new FakeServer();
      await using adapter = new FakeCloudAdapter(new FakeCloud(server));
      const { etag } = await adapter.put(key, old);
      if (kind === 'create') server.objects.clear();
      server.mishap = (method) => (method === 'putWhole' ? 'answer lost' : undefined);
      server.afterServed = (method) => {
        const object = server.objects.get(name);
        if (method === 'putWhole' && object !== undefined)
          server.objects.set(name, { ...object, etag: 'x', metadata: {} });
      };
      const mode: WriteMode = kind === 'create' ? 'create' : { ifMatch: etag };
      expect(await outcomeOf(adapter.put(key, fresh, { mode }))).toBe('indeterminate');
    },
  );

  test('is a refusal when nothing was lost', async () => {
    const server = new FakeServer();
    await using adapter = new FakeCloudAdapter(new FakeCloud(server));
    await adapter.put(key, old);
    server.mishap = (_method, count) =>
      count === server.requests.length && count % 2 === 0 ? 'refused' : undefined;
    expect(await outcomeOf(adapter.put(key, fresh, { mode: 'create' }))).toBe('already-exists');
  });

  test('is deleted when the answer of a deletion was lost and nothing is there any more', async () => {
    const server = new FakeServer();
    await using adapter = new FakeCloudAdapter(new FakeCloud(server));
    for (const conditional of [false, true]) {
      const { etag } = await adapter.put(key, old);
      let lost = 0;
      server.mishap = (method) => (method === 'remove' && lost++ === 0 ? 'answer lost' : undefined);
      const target = conditional ? { key, ifMatch: etag } : { key };
      expect(await adapter.delete([target])).toEqual([{ key, outcome: 'deleted' }]);
    }
  });
});

async function outcomeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: unknown) => {
      if (StorageError.isInstance(error)) return error.code;
      throw error;
    },
  );
}
