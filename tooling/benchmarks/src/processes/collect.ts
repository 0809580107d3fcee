/** Collects a store and tells how long that took and how much memory the process had. */
import { CollectionService } from '@holdfast/registry';
import type { CollectReport } from '../benchmarks/collect-objects.ts';
import { openStore } from '../material/collectable-store.ts';
import { peakResidentBytes } from './peak-resident-bytes.ts';

const [folder = ''] = process.argv.slice(2);
await using store = await openStore(folder);
let removed = 0;
const begin = performance.now();
for await (const { outcome } of new CollectionService(store).collect()) if (outcome === 'removed') removed++;
const milliseconds = performance.now() - begin;
const peakBytes = peakResidentBytes();
console.log(JSON.stringify({ milliseconds, peakBytes, removed } satisfies CollectReport));
