import type { Benchmark } from '../framework/benchmark.ts';
import { collectMemory, collectObjects } from './collect-objects.ts';
import { getBesideLibraries, putBesideLibraries } from './compare-libraries.ts';
import { getVerified } from './get-verified.ts';
import { hdf5Benchmarks } from './hdf5.ts';
import { incrementBackends } from './increment-backends.ts';
import { increment } from './increment.ts';
import { listObjects } from './list-objects.ts';
import { mirrorAgain, mirrorLarge, mirrorSmall } from './mirror.ts';
import { put1MibDurably, put4KibDurably } from './put-durably.ts';
import { putStreamMemory } from './put-stream-memory.ts';
import { putStream } from './put-stream.ts';
import {
  s3GetLarge,
  s3GetLargeInParts,
  s3GetLargeInPartsMemory,
  s3GetLargeMemory,
  s3GetOverNarrowConnections,
  s3PutLarge,
  s3PutLargeMemory,
} from './s3-large-object.ts';
import { s3GetSmall, s3GetSmallCpu, s3PutSmall, s3PutSmallCpu } from './s3-small-objects.ts';
import { startListing, startVersion } from './start-up.ts';
import { valueBenchmarks } from './values.ts';
import { verifyObjects } from './verify-objects.ts';

/** Every benchmark, in the order in which they are run and told. */
export const allBenchmarks: readonly Benchmark[] = [
  startVersion,
  startListing,
  put4KibDurably,
  put1MibDurably,
  putBesideLibraries,
  getBesideLibraries,
  putStream,
  putStreamMemory,
  getVerified,
  listObjects,
  verifyObjects,
  collectObjects,
  collectMemory,
  increment,
  ...incrementBackends,
  s3PutLarge,
  s3PutLargeMemory,
  s3GetLarge,
  s3GetLargeMemory,
  s3GetLargeInParts,
  s3GetLargeInPartsMemory,
  s3GetOverNarrowConnections,
  s3PutSmall,
  s3PutSmallCpu,
  s3GetSmall,
  s3GetSmallCpu,
  mirrorSmall,
  mirrorLarge,
  mirrorAgain,
  ...valueBenchmarks,
  ...hdf5Benchmarks,
];
