import {
  type Entity,
  type Page,
  type Repository,
  type RepositoryQuery,
  type Tags,
  compareKeys,
} from '@holdfast/domain';
import { StorageErrorCode } from '@holdfast/ports';
import { expect } from 'vitest';
import { expectRefusal } from './expect-refusal.ts';
import type { UngroupedRegistryCase } from './registry-case.ts';
import type { RepositorySubject } from './repository-subject.ts';
import { sampleTime } from './sample-records.ts';

const directions = ['ascending', 'descending'] as const;

/** What every repository promises of order and pages. */
export function pagingCases<T extends Entity & { readonly tags: Tags }, Filter, Order extends string>(
  subject: RepositorySubject<T, Filter, Order>,
): readonly UngroupedRegistryCase[] {
  const orders = subject.orders.flatMap((field) => directions.map((direction) => ({ field, direction })));
  return [
    ...[undefined, ...orders].flatMap((order) => [
      everyPageSize(subject, order),
      behindTheCursor(subject, order),
    ]),
    ...wholePageCases(subject),
    ...pageBoundCases(subject),
  ];
}

type Ordering<Order> = { readonly field: Order; readonly direction: 'ascending' | 'descending' } | undefined;

function everyPageSize<T extends Entity & { readonly tags: Tags }, Filter, Order extends string>(
  subject: RepositorySubject<T, Filter, Order>,
  order: Ordering<Order>,
): UngroupedRegistryCase {
  return {
    name: `pages of ${subject.noun}s hold every one once, ${inWords(order)}, whatever their size`,
    run: async (context) => {
      const repository = subject.repositoryOf(context);
      for (const number of [11, 3, 2, 10, 7, 1, 20])
        await repository.save(tied(subject.make(number), number));
      const whole = await repository.findAll(queryOf(order));
      expect(whole.next).toBeUndefined();
      expect(new Set(whole.items.map(({ id }) => id)).size).toBe(7);
      expectOrder(
        whole.items,
        (record) => (order === undefined ? '' : subject.orderValueOf(record, order.field)),
        order,
      );
      for (const limit of [1, 2, 3, 6, 7, 8, 1_000]) {
        const pages = await pagesOf(repository, { ...queryOf(order), limit });
        expect(pages.map(({ items }) => items.length)).toEqual(pageSizes(7, limit));
        expect(pages.flatMap(({ items }) => items)).toEqual(whole.items);
      }
    },
  };
}

function behindTheCursor<T extends Entity & { readonly tags: Tags }, Filter, Order extends string>(
  subject: RepositorySubject<T, Filter, Order>,
  order: Ordering<Order>,
): UngroupedRegistryCase {
  return {
    name: `pages of ${subject.noun}s, ${inWords(order)}, neither repeat nor miss one when others come and go behind the cursor`,
    run: async (context) => {
      const repository = subject.repositoryOf(context);
      const numbers = [10, 11, 12, 13, 14, 15, 16];
      for (const number of numbers) await repository.save(subject.make(number));
      const query = { ...queryOf(order), limit: 2 } as RepositoryQuery<Filter, Order>;
      const expected = (
        await repository.findAll(queryOf(order) as RepositoryQuery<Filter, Order>)
      ).items.slice(2);
      const first = await repository.findAll(query);
      for (const { id } of first.items) await repository.delete(id);
      await repository.save(subject.make(order?.direction === 'descending' ? 99 : 1));
      const rest = await pagesOf(repository, {
        ...query,
        after: first.next,
      });
      expect(rest.flatMap(({ items }) => items)).toEqual(expected);
    },
  };
}

function wholePageCases<T extends Entity & { readonly tags: Tags }, Filter, Order extends string>(
  subject: RepositorySubject<T, Filter, Order>,
): readonly UngroupedRegistryCase[] {
  const { noun, make, retag, repositoryOf } = subject;
  return [
    {
      name: `no ${noun}s make one empty page`,
      run: async (context) => {
        expect(await repositoryOf(context).findAll()).toEqual({ items: [] });
        expect(await repositoryOf(context).findAll({ limit: 5 })).toEqual({ items: [] });
        expect(await repositoryOf(context).count()).toBe(0);
      },
    },
    {
      name: `a page of ${noun}s without a limit holds all of 1,100, and pages of 1,000 come to the same`,
      run: async (context) => {
        await context.store.unitOfWork(async (repositories) => {
          for (let number = 1; number <= 1_100; number++) await repositoryOf(repositories).save(make(number));
        });
        expect((await repositoryOf(context).findAll()).items).toHaveLength(1_100);
        const pages = await pagesOf(repositoryOf(context), { limit: 1_000 });
        expect(pages.map(({ items }) => items.length)).toEqual([1_000, 100]);
        expect(await repositoryOf(context).count()).toBe(1_100);
      },
    },
    {
      name: `pages of ${noun}s keep to the filter`,
      run: async (context) => {
        const repository = repositoryOf(context);
        for (let number = 1; number <= 9; number++) {
          await repository.save(retag(make(number), { odd: String(number % 2 === 1) }));
        }
        const filter = subject.filterByTags({ odd: 'true' });
        const pages = await pagesOf(repository, { filter, limit: 2 });
        expect(pages.map(({ items }) => items.length)).toEqual([2, 2, 1]);
        expect(pages.flatMap(({ items }) => items.map(({ tags }) => tags['odd']))).toEqual(
          Array(5).fill('true'),
        );
        expect(await repository.count(filter)).toBe(5);
      },
    },
  ];
}

function pageBoundCases<T extends Entity & { readonly tags: Tags }, Filter, Order extends string>(
  subject: RepositorySubject<T, Filter, Order>,
): readonly UngroupedRegistryCase[] {
  const { noun, make, repositoryOf } = subject;
  const [field] = subject.orders;
  return [
    {
      name: `a page of ${noun}s has at least one item, and begins only where another page of the same order ended`,
      run: async (context) => {
        const repository = repositoryOf(context);
        for (const number of [1, 2, 3]) await repository.save(make(number));
        for (const limit of [0, -1, 1.5, Number.NaN]) {
          await expectRefusal(repository.findAll({ limit }), StorageErrorCode.InvalidArgument);
        }
        for (const after of ['', 'nonsense', 'bnVsbA']) {
          await expectRefusal(repository.findAll({ after }), StorageErrorCode.InvalidArgument);
        }
        const { next } = await repository.findAll({ limit: 1 });
        if (next === undefined || field === undefined) expect.fail('there is no next page');
        const query = { after: next, order: { field, direction: 'descending' } } as const;
        await expectRefusal(repository.findAll(query), StorageErrorCode.InvalidArgument);
      },
    },
  ];
}

/** Every page of a question. */
export async function pagesOf<T extends Entity, Filter, Order extends string>(
  repository: Pick<Repository<T, Filter, Order>, 'findAll'>,
  query: RepositoryQuery<Filter, Order>,
): Promise<readonly Page<T>[]> {
  const pages = [await repository.findAll(query)];
  for (let next = pages[0]?.next; next !== undefined; next = pages.at(-1)?.next) {
    pages.push(await repository.findAll({ ...query, after: next }));
    if (pages.length > 5_000) expect.fail('the pages do not end');
  }
  return pages;
}

/** Records made in the same second, so that times do not tell them apart. */
function tied<T extends Entity>(record: T, number: number): T {
  const time = sampleTime(Math.floor(number / 10));
  return { ...record, createdAt: time, updatedAt: time };
}

function expectOrder<T extends Entity, Order>(
  records: readonly T[],
  valueOf: (record: T) => string | number,
  order: Ordering<Order>,
): void {
  const sign = order?.direction === 'descending' ? -1 : 1;
  const tieSigns = new Set<number>();
  for (const [index, record] of records.entries()) {
    const next = records[index + 1];
    if (next === undefined) continue;
    const [a, b] = [valueOf(record), valueOf(next)];
    const step = typeof a === 'number' ? a - Number(b) : compareKeys(a, String(b));
    expect(step * sign, `${a} before ${b}`).toBeLessThanOrEqual(0);
    if (step === 0) tieSigns.add(Math.sign(compareKeys(record.id, next.id)));
  }
  expect(tieSigns.size, 'ties are in the order of ids').toBeLessThanOrEqual(1);
}

function queryOf<Order extends string>(
  order: Ordering<Order>,
): { readonly order?: NonNullable<Ordering<Order>> } {
  return order === undefined ? {} : { order };
}

function pageSizes(total: number, limit: number): readonly number[] {
  const sizes: number[] = [];
  for (let left = total; left > 0; left -= limit) sizes.push(Math.min(limit, left));
  return sizes;
}

function inWords<Order>(order: Ordering<Order>): string {
  return order === undefined ? 'in no given order' : `by ${String(order.field)} ${order.direction}`;
}
