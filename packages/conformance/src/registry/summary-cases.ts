import {
  type ModelFilter,
  type ModelOrderField,
  type ModelSummary,
  type RepositoryQuery,
  ScanVerdict,
  VersionStatus,
} from '@holdfast/domain';
import { expect } from 'vitest';
import { pagesOf } from './paging-cases.ts';
import type { RegistryCaseContext } from './registry-case-context.ts';
import type { UngroupedRegistryCase } from './registry-case.ts';
import { sampleModel, sampleTime, sampleVersion } from './sample-records.ts';

type SummaryQuery = RepositoryQuery<ModelFilter, ModelOrderField>;

/** What the listing of models promises, by examples. */
export const summaryCases: readonly UngroupedRegistryCase[] = [
  {
    name: 'a model without versions is listed without a newest one and without aliases',
    run: async (context) => {
      const model = await context.models.save(sampleModel(1));
      expect(await context.models.listSummaries()).toEqual({
        items: [{ model, versionCount: 0, aliases: [] }],
      });
    },
  },
  {
    name: 'the newest version listed is the ready or deprecated one with the greatest number',
    run: async (context) => {
      const model = await context.models.save(sampleModel(1));
      const save = (number: number, status: VersionStatus) =>
        context.versions.save(sampleVersion(model, number, { status, createdAt: sampleTime(100 - number) }));
      await save(2, VersionStatus.Ready);
      const deprecated = await save(10, VersionStatus.Deprecated);
      await save(9, VersionStatus.Ready);
      for (const [number, status] of [
        [11, 'pending'],
        [12, 'failed'],
        [13, 'archived'],
      ] as const)
        await save(number, status);
      expect((await summaryOf(context)).latest?.number).toBe(10);
      expect((await summaryOf(context)).versionCount).toBe(6);
      expect((await context.versions.findLatest(model.id))?.id).toBe(deprecated.id);
      await context.versions.save({ ...deprecated, status: VersionStatus.Archived });
      expect((await summaryOf(context)).latest?.number).toBe(9);
      await context.versions.delete(sampleVersion(model, 9).id);
      expect((await summaryOf(context)).latest?.number).toBe(2);
      await context.versions.delete(sampleVersion(model, 2).id);
      expect(await summaryOf(context)).not.toHaveProperty('latest');
      expect((await summaryOf(context)).versionCount).toBe(4);
    },
  },
  {
    name: 'the newest version is listed as it is now',
    run: async (context) => {
      const model = await context.models.save(sampleModel(1));
      const version = await context.versions.save(sampleVersion(model, 1, { tags: { stage: 'a' } }));
      const changes = { tags: { stage: '🔩' }, verdict: ScanVerdict.Safe, status: VersionStatus.Deprecated };
      await context.versions.save({ ...version, ...changes });
      const { latest } = await summaryOf(context);
      const { id, number, artifactKind, totalSizeBytes, createdAt, storage } = version;
      expect(latest).toEqual({ id, number, artifactKind, totalSizeBytes, createdAt, storage, ...changes });
      expect(latest?.storage.equals(version.storage)).toBe(true);
    },
  },
  {
    name: 'the newest version is listed with the number of its warnings',
    run: async (context) => {
      const model = await context.models.save(sampleModel(1));
      const warnings = [{ code: 'placeholder', message: 'It is empty.' }];
      await context.versions.save(sampleVersion(model, 1, { inspection: { warnings } }));
      expect((await summaryOf(context)).latest).toMatchObject({ warningCount: 1 });
      await context.versions.save(sampleVersion(model, 2, { inspection: {} }));
      expect((await summaryOf(context)).latest).not.toHaveProperty('warningCount');
    },
  },
  {
    name: 'aliases are listed sorted by name, as they are now',
    run: async (context) => {
      const model = await context.models.save(sampleModel(1));
      const move = (name: string, to: number | undefined, expectedRevision: number) =>
        context.aliases.move({ modelId: model.id, name, to, expectedRevision, now: sampleTime(1) });
      for (const name of ['staging', 'Champion', 'champion', 'a.b']) await move(name, 1, 0);
      await move('champion', 2, 1);
      await move('a.b', undefined, 1);
      expect((await summaryOf(context)).aliases).toEqual([
        { name: 'Champion', number: 1 },
        { name: 'champion', number: 2 },
        { name: 'staging', number: 1 },
      ]);
    },
  },
  {
    name: 'each model is listed with its own versions and aliases, page by page in order',
    run: async (context) => {
      for (let number = 1; number <= 9; number++) {
        const model = await context.models.save(sampleModel(number));
        for (let version = 1; version <= number % 4; version++)
          await context.versions.save(sampleVersion(model, version));
        const change = { name: `alias-${number}`, to: 1, expectedRevision: 0, now: sampleTime(1) };
        await context.aliases.move({ modelId: model.id, ...change });
      }
      const query: SummaryQuery = { order: { field: 'name', direction: 'descending' }, limit: 4 };
      const pages = await pagesOf({ findAll: (page?: SummaryQuery) => listedAs(context, page) }, query);
      expect(pages.map(({ items }) => items.length)).toEqual([4, 4, 1]);
      const items = pages.flatMap((page) => page.items);
      expect(items.map(({ id }) => Number.parseInt(id.slice(-1), 16))).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
      for (const { summary, id } of items) {
        const number = Number.parseInt(id.slice(-1), 16);
        expect(summary.versionCount).toBe(number % 4);
        expect(summary.latest?.number).toBe(number % 4 === 0 ? undefined : number % 4);
        expect(summary.aliases).toEqual([{ name: `alias-${number}`, number: 1 }]);
      }
    },
  },
  {
    name: 'a model that is saved after its versions is listed with them',
    run: async (context) => {
      await context.versions.save(sampleVersion(sampleModel(1), 1));
      await context.models.save(sampleModel(1));
      expect(await summaryOf(context)).toMatchObject({ versionCount: 1, latest: { number: 1 } });
    },
  },
];

async function summaryOf({ models }: RegistryCaseContext): Promise<ModelSummary> {
  const [summary] = (await models.listSummaries()).items;
  return summary ?? expect.fail('the model is not listed');
}

/** Summaries with the fields of their models, as the pages of other records have them. */
async function listedAs({ models }: RegistryCaseContext, query?: SummaryQuery) {
  const page = await models.listSummaries(query);
  return { ...page, items: page.items.map((summary) => ({ ...summary.model, summary })) };
}
