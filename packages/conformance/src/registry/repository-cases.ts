import type { Entity, Tags } from '@holdfast/domain';
import { StorageError, StorageErrorCode } from '@holdfast/ports';
import { expect } from 'vitest';
import { countSuccesses, expectRefusal } from './expect-refusal.ts';
import type { UngroupedRegistryCase } from './registry-case.ts';
import type { RepositorySubject } from './repository-subject.ts';

/** What every repository promises of saving, finding and deleting its records. */
export function repositoryCases<T extends Entity & { readonly tags: Tags }, Filter, Order extends string>(
  subject: RepositorySubject<T, Filter, Order>,
): readonly UngroupedRegistryCase[] {
  return [
    ...savingCases(subject),
    ...refusalCases(subject),
    ...deletionCases(subject),
    ...racingCases(subject),
  ];
}

function savingCases<T extends Entity & { readonly tags: Tags }, Filter, Order extends string>(
  subject: RepositorySubject<T, Filter, Order>,
): readonly UngroupedRegistryCase[] {
  const { noun, make, retag, repositoryOf } = subject;
  return [
    {
      name: `a new ${noun} is saved as revision 1 and found as it was`,
      run: async (context) => {
        const repository = repositoryOf(context);
        const saved = await repository.save(make(1));
        expect(saved).toEqual({ ...make(1), revision: 1 });
        expect(await repository.findById(saved.id)).toEqual(saved);
        expect(await repository.exists(saved.id)).toBe(true);
        expect(await repository.count()).toBe(1);
      },
    },
    {
      name: `every save of a ${noun} answers with the next revision, and the last one is found`,
      run: async (context) => {
        const repository = repositoryOf(context);
        let saved = await repository.save(make(1));
        for (const step of ['a', 'b', 'c']) saved = await repository.save(retag(saved, { step }));
        expect(saved.revision).toBe(4);
        expect(await repository.findById(saved.id)).toEqual(saved);
        expect(saved.tags).toEqual({ step: 'c' });
        expect(await repository.count()).toBe(1);
      },
    },
    {
      name: `a ${noun} that is not there is undefined and does not exist`,
      run: async (context) => {
        const repository = repositoryOf(context);
        await repository.save(make(1));
        expect(await repository.findById(make(2).id)).toBeUndefined();
        expect(await repository.findById('')).toBeUndefined();
        expect(await repository.exists(make(2).id)).toBe(false);
      },
    },
    {
      name: `a stored ${noun} is not shared with those who saved or found it`,
      run: async (context) => {
        const repository = repositoryOf(context);
        const given = structuredCloneOf(retag(make(1), { kind: 'original' }));
        const saved = await repository.save(given);
        const found = await repository.findById(given.id);
        const [listed] = (await repository.findAll()).items;
        for (const record of [given, saved, found, listed]) tamper(record?.tags);
        expect((await repository.findById(given.id))?.tags).toEqual({ kind: 'original' });
        expect(await repository.count(subject.filterByTags({ kind: 'original' }))).toBe(1);
      },
    },
  ];
}

function refusalCases<T extends Entity & { readonly tags: Tags }, Filter, Order extends string>(
  subject: RepositorySubject<T, Filter, Order>,
): readonly UngroupedRegistryCase[] {
  const { noun, make, retag, repositoryOf } = subject;
  return [
    {
      name: `a new ${noun} whose id is taken is refused, and the stored one stays`,
      run: async (context) => {
        const repository = repositoryOf(context);
        const saved = await repository.save(make(1));
        await expectRefusal(repository.save({ ...make(2), id: saved.id }), StorageErrorCode.AlreadyExists);
        expect((await repository.findAll()).items).toEqual([saved]);
      },
    },
    {
      name: `a ${noun} of an older or a future revision is refused, and the stored one stays`,
      run: async (context) => {
        const repository = repositoryOf(context);
        const first = await repository.save(make(1));
        const second = await repository.save(retag(first, { by: 'second' }));
        const stale = retag(first, { by: 'stale' });
        await expectRefusal(repository.save(stale), StorageErrorCode.PreconditionFailed);
        await expectRefusal(repository.save({ ...stale, revision: 3 }), StorageErrorCode.PreconditionFailed);
        expect(await repository.findById(first.id)).toEqual(second);
        expect(await repository.count(subject.filterByTags({ by: 'stale' }))).toBe(0);
        expect(await repository.count(subject.filterByTags({ by: 'second' }))).toBe(1);
      },
    },
    {
      name: `a ${noun} that is gone cannot be saved again under its old revision`,
      run: async (context) => {
        const repository = repositoryOf(context);
        const saved = await repository.save(make(1));
        await repository.delete(saved.id);
        await expectRefusal(repository.save(saved), StorageErrorCode.PreconditionFailed);
        await expectRefusal(
          repository.save({ ...make(2), revision: 1 }),
          StorageErrorCode.PreconditionFailed,
        );
        expect(await repository.count()).toBe(0);
      },
    },
  ];
}

function deletionCases<T extends Entity & { readonly tags: Tags }, Filter, Order extends string>(
  subject: RepositorySubject<T, Filter, Order>,
): readonly UngroupedRegistryCase[] {
  const { noun, make, retag, repositoryOf } = subject;
  return [
    {
      name: `deleting a ${noun} tells whether it was there, and leaves the others`,
      run: async (context) => {
        const repository = repositoryOf(context);
        const [first, second] = [
          await repository.save(retag(make(1), { a: 'b' })),
          await repository.save(make(2)),
        ];
        expect(await repository.delete(first.id)).toBe(true);
        expect(await repository.delete(first.id)).toBe(false);
        expect(await repository.findById(first.id)).toBeUndefined();
        expect(await repository.exists(first.id)).toBe(false);
        expect((await repository.findAll()).items).toEqual([second]);
        expect(await repository.count(subject.filterByTags({ a: 'b' }))).toBe(0);
      },
    },
    {
      name: `deleting a ${noun} of another revision is refused`,
      run: async (context) => {
        const repository = repositoryOf(context);
        const saved = await repository.save(retag(await repository.save(make(1)), { a: 'b' }));
        for (const revision of [1, 3]) {
          await expectRefusal(repository.delete(saved.id, revision), StorageErrorCode.PreconditionFailed);
        }
        expect(await repository.findById(saved.id)).toEqual(saved);
        expect(await repository.delete(saved.id, 2)).toBe(true);
        expect(await repository.delete(saved.id, 2)).toBe(false);
      },
    },
    {
      name: `a deleted ${noun} ${subject.canBeRemade ? 'can' : 'cannot'} be made again`,
      run: async (context) => {
        const repository = repositoryOf(context);
        await repository.save(retag(make(1), { old: 'yes' }));
        await repository.delete(make(1).id);
        if (subject.canBeRemade) expect(await repository.save(make(1))).toEqual({ ...make(1), revision: 1 });
        else await expectRefusal(repository.save(make(1)), StorageErrorCode.AlreadyExists);
        expect(await repository.count(subject.filterByTags({ old: 'yes' }))).toBe(0);
      },
    },
  ];
}

function racingCases<T extends Entity & { readonly tags: Tags }, Filter, Order extends string>(
  subject: RepositorySubject<T, Filter, Order>,
): readonly UngroupedRegistryCase[] {
  const { noun, make, retag, repositoryOf } = subject;
  return [
    {
      name: `of eight who save one revision of a ${noun} at once, one wins`,
      run: async (context) => {
        const handles = (await context.handles()).map((handle) => repositoryOf(handle.repositories));
        const saved = await repositoryOf(context).save(make(1));
        const works = Array.from({ length: 8 }, async (_, worker) =>
          handles[worker % handles.length]?.save(retag(saved, { worker: String(worker) })),
        );
        expect(await countSuccesses(works, StorageErrorCode.PreconditionFailed)).toBe(1);
        expect((await repositoryOf(context).findById(saved.id))?.revision).toBe(2);
      },
    },
    {
      name: `of eight who make the same ${noun} at once, one wins`,
      run: async (context) => {
        const handles = (await context.handles()).map((handle) => repositoryOf(handle.repositories));
        const works = Array.from({ length: 8 }, async (_, worker) =>
          handles[worker % handles.length]?.save(make(1)),
        );
        expect(await countSuccesses(works, StorageErrorCode.AlreadyExists)).toBe(1);
        expect(await repositoryOf(context).count()).toBe(1);
      },
    },
    {
      name: `five workers who each raise a ${noun}'s counter ten times make fifty`,
      run: async (context) => {
        const handles = (await context.handles()).map((handle) => repositoryOf(handle.repositories));
        const { id } = await repositoryOf(context).save(retag(make(1), { counter: '0' }));
        const raise = async (worker: number): Promise<void> => {
          const repository = handles[worker % handles.length] ?? repositoryOf(context);
          for (let done = 0; done < 10;) {
            const found = await repository.findById(id);
            if (found === undefined) throw new Error(`the ${noun} vanished`);
            const counter = String(Number(found.tags['counter']) + 1);
            if (await wins(repository.save(retag(found, { counter })))) done++;
          }
        };
        await Promise.all(Array.from({ length: 5 }, (_, worker) => raise(worker)));
        expect((await repositoryOf(context).findById(id))?.tags).toEqual({ counter: '50' });
      },
    },
  ];
}

async function wins(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (StorageError.isInstance(error, StorageErrorCode.PreconditionFailed)) return false;
    throw error;
  }
}

/** A copy whose parts are its own; `storage` is an immutable value and stays. */
function structuredCloneOf<T extends { readonly tags: Tags }>(record: T): T {
  return { ...record, tags: { ...record.tags } };
}

function tamper(tags: Tags | undefined): void {
  try {
    Object.assign(tags ?? {}, { kind: 'tampered' });
  } catch {
    // Frozen, which is as good.
  }
}
