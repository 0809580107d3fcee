import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../failure-of.ts';
import { expectBytes, expectObject } from '../storage/expect-bytes.ts';
import { GatedSource } from '../storage/gated-source.ts';
import { listKeys } from '../storage/list-objects.ts';
import { objectKey } from '../storage/put-sample.ts';
import { readObject } from '../storage/read-object.ts';
import { sampleBytes } from '../storage/sample-bytes.ts';
import { within } from '../storage/within.ts';
import { lostAnswerCases } from './lost-answer-cases.ts';
import type { NetworkCase, NetworkHarness } from './network-harness.ts';

const key = objectKey('far/away');
const timeout = 60_000;

const cases: readonly NetworkCase[] = [
  {
    name: 'reads on where an answer was cut',
    run: async ({ network, adapter, direct }) => {
      const bytes = sampleBytes(2_000_000);
      await direct.put(key, bytes);
      for (const afterBytes of [0, 1, 300, 1_000, 65_536, 1_000_000, 1_999_999, 2_000_300]) {
        network.fail({ kind: 'cut answer', afterBytes, times: 1 });
        expectBytes((await readObject(adapter, key)).bytes, bytes);
        network.fail({ kind: 'cut answer', afterBytes, times: 1 });
        const range = { offset: 1_000, length: 1_500_000 };
        expectBytes((await readObject(adapter, key, { range })).bytes, bytes.subarray(1_000, 1_501_000));
      }
    },
  },
  {
    name: 'reads on where answers to several requests were cut',
    run: async ({ network, adapter, direct }, { largeBytes }) => {
      const bytes = sampleBytes(2 * largeBytes);
      await direct.put(key, bytes);
      for (const afterBytes of [0, 300, Math.floor(largeBytes / 3), largeBytes]) {
        network.fail({ kind: 'cut answer', afterBytes, times: 2 });
        expectBytes((await readObject(adapter, key, { isImmutable: true })).bytes, bytes);
      }
    },
  },
  {
    name: 'reads on when an answer goes silent',
    waits: true,
    run: async ({ network, adapter, direct }) => {
      const bytes = sampleBytes(1_000_000);
      await direct.put(key, bytes);
      network.fail({ kind: 'silence', afterBytes: 500_000, times: 1 });
      expectBytes((await readObject(adapter, key)).bytes, bytes);
    },
  },
  {
    name: 'tells silence as a timeout',
    waits: true,
    run: async ({ network, adapter, direct }, { attempts }) => {
      await direct.put(key, sampleBytes(100_000));
      network.fail({ kind: 'silence', afterBytes: 0, times: Number.POSITIVE_INFINITY });
      const works = [adapter.head(key), adapter.get(key), listKeys(adapter)];
      for (const error of await Promise.all(works.map(failureOf))) {
        expect(error).toMatchObject({ code: 'timeout', retry: 'exhausted', attempts });
        expect(error.hint).toEqual(expect.any(String));
      }
    },
  },
  {
    name: 'sends the request that opens an object once, when the caller can read the bytes elsewhere',
    waits: true,
    run: async ({ network, adapter, direct }) => {
      await direct.put(key, sampleBytes(100_000));
      await adapter.head(key);
      network.fail({ kind: 'silence', afterBytes: 0, times: Number.POSITIVE_INFINITY });
      const error = await failureOf(adapter.get(key, { hasAlternative: true }));
      expect(error).toMatchObject({ code: 'timeout', retry: 'temporary', attempts: 1 });
    },
  },
  {
    name: 'takes a slow network for no silence',
    waits: true,
    run: async ({ network, adapter, direct }) => {
      const bytes = sampleBytes(12_000_000);
      network.fail({ kind: 'bandwidth', bytesPerSecond: 4_000_000 });
      const { etag } = await adapter.put(key, bytes);
      expect(etag).toBe((await direct.head(key))?.etag);
      expectBytes((await readObject(adapter, key)).bytes, bytes);
    },
  },
  {
    name: 'stops waiting in silence when it is cancelled',
    run: async ({ network, adapter, direct }) => {
      await direct.put(key, sampleBytes(100));
      network.fail({ kind: 'silence', afterBytes: 0, times: Number.POSITIVE_INFINITY });
      const controller = new AbortController();
      const work = failureOf(adapter.head(key, { signal: controller.signal }));
      await expect.poll(() => network.requests.length).toBeGreaterThan(0);
      controller.abort();
      expect((await within(1_000, work)).code).toBe('cancelled');
    },
  },
  {
    name: 'sends parts again that were cut',
    run: async ({ network, adapter, unfinishedUploads }, { largeBytes }) => {
      const bytes = sampleBytes(largeBytes);
      for (const afterBytes of [0, 1_000, Math.floor(largeBytes / 3)]) {
        network.fail({ kind: 'cut request', afterBytes, times: 1 });
        await adapter.put(key, bytes);
        await expectObject(adapter, key, bytes);
      }
      expect(await unfinishedUploads()).toBe(0);
    },
  },
  {
    name: 'does not make an outage worse',
    run: async ({ network, adapter }) => {
      network.fail({ kind: 'outage' });
      const operations = 200;
      for (let done = 0; done < operations; done += 20) {
        const some = Array.from({ length: 20 }, () => failureOf(adapter.head(key)));
        for (const error of await Promise.all(some)) expect(['unavailable', 'timeout']).toContain(error.code);
      }
      expect(network.requests.length).toBeLessThanOrEqual(operations * 1.5);
      network.heal();
      expect(await adapter.head(key)).toBeUndefined();
    },
  },
  {
    name: 'leaves nothing of a cancelled upload',
    run: async ({ adapter, unfinishedUploads }, { largeBytes }) => {
      const controller = new AbortController();
      const source = new GatedSource(sampleBytes(largeBytes));
      const work = failureOf(adapter.put(key, source, { signal: controller.signal }));
      await source.paused;
      controller.abort();
      expect((await within(1_000, work)).code).toBe('cancelled');
      await adapter[Symbol.asyncDispose]();
      expect(await unfinishedUploads()).toBe(0);
    },
  },
  {
    name: 'shows no secret in any error',
    waits: true,
    run: async ({ network, adapter, direct }, { secrets, largeBytes }) => {
      await direct.put(key, sampleBytes(10_000));
      const errors: unknown[] = [];
      const infinitely = Number.POSITIVE_INFINITY;
      for (const fault of [
        { kind: 'outage' },
        { kind: 'cut answer', afterBytes: 10, times: infinitely },
        { kind: 'silence', afterBytes: 0, times: infinitely },
      ] as const) {
        network.fail(fault);
        const works = [
          adapter.head(key),
          adapter.get(key),
          adapter.put(key, sampleBytes(10)),
          adapter.put(key, sampleBytes(largeBytes)),
          adapter.check(),
        ];
        errors.push(...(await Promise.all(works.map(failureOf))));
      }
      const shown = inspect(errors, { depth: 20, showHidden: true, maxStringLength: null });
      for (const secret of secrets) expect(shown.includes(secret), 'a secret is shown').toBe(false);
      expect(shown).not.toMatch(/authorization|x-amz-signature|sharedkey|bearer /i);
    },
  },
  ...lostAnswerCases,
];

/** Registers, with vitest, what holds for an adapter of a cloud when the network fails. */
export function describeBadNetwork(name: string, harness: NetworkHarness): void {
  describe(`${name} on a bad network`, () => {
    const { waiting = [], busy = [] } = Object.groupBy(cases, ({ waits }) => (waits ? 'waiting' : 'busy'));
    for (const one of waiting) test.concurrent(one.name, { timeout }, () => runNetworkCase(one, harness));
    for (const one of busy) test(one.name, { timeout }, () => runNetworkCase(one, harness));
  });
}

async function runNetworkCase(one: NetworkCase, harness: NetworkHarness): Promise<void> {
  const store = await harness.openStore();
  try {
    await one.run(store, harness);
  } finally {
    store.network.heal();
    await store.adapter[Symbol.asyncDispose]();
    await store.direct[Symbol.asyncDispose]();
    await store.network[Symbol.asyncDispose]();
  }
}
