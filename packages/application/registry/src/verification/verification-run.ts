import {
  type Digest,
  type ModelVersion,
  type ObjectLocation,
  type RegistryStore,
  versionOwner,
} from '@holdfast/domain';
import type { StorageService } from '@holdfast/storage';
import { inOrder } from '@holdfast/work';
import { type Due, isAfter, isDue } from './due-locations.ts';
import { FindingRecorder } from './finding-recorder.ts';
import { FindingReporter } from './finding-reporter.ts';
import { type Examination, ObjectExaminer } from './object-examiner.ts';
import { RecordChecker } from './record-checker.ts';
import { RegistryChecker } from './registry-checker.ts';
import { StoreOutages } from './store-outages.ts';
import type { InterruptedRun, VerificationJournal, VerificationPoint } from './verification-journal.ts';
import { type VerifiedObject, VerifiedState } from './verified-object.ts';
import type { VerificationProgress, VerifyOptions } from './verify-options.ts';

export interface VerificationRunOptions {
  readonly registry: RegistryStore;
  readonly storage: StorageService;
  readonly now: () => number;
  readonly options: VerifyOptions;
  /** Only what this version needs. */
  readonly version: ModelVersion | undefined;
  readonly journal: VerificationJournal | undefined;
  readonly interrupted: InterruptedRun | undefined;
}

/** A location that is being looked at. */
interface Place {
  readonly location: ObjectLocation;
  /** Where its page of the ledger begins. */
  readonly page: string | undefined;
  /** How much of it has been read. */
  readBytes: number;
}

const pageSize = 500;

/** So that one object is read while another is hashed, and a store far away is not waited for each time. */
const looksAtOnce = 4;

/** One verification, from where it begins to its end. Dispose it: that keeps what was found. */
export class VerificationRun implements AsyncDisposable {
  readonly #parts: VerificationRunOptions;
  readonly #recorder: FindingRecorder;
  readonly #examiner: ObjectExaminer;
  readonly #reporter: FindingReporter;
  readonly #registryChecker: RegistryChecker;
  readonly #outages: StoreOutages;
  readonly #due: Due;
  /** What a single version needs; it is all known beforehand. */
  #needed: readonly ObjectLocation[] = [];
  #point: VerificationPoint;
  #total = { count: 0, sizeBytes: 0 };
  #readBytes = 0;

  constructor(parts: VerificationRunOptions) {
    const { registry, storage, now, options } = parts;
    this.#parts = parts;
    this.#recorder = new FindingRecorder(registry, now);
    this.#examiner = new ObjectExaminer(storage);
    this.#outages = new StoreOutages({ ...parts, examiner: this.#examiner });
    this.#reporter = new FindingReporter({
      registry,
      storage,
      now,
      examiner: this.#examiner,
      repairFrom: options.repairFrom,
    });
    this.#registryChecker = new RegistryChecker({
      registry,
      storage,
      reporter: this.#reporter,
      isGone: (storeName) => this.#outages.isGone(storeName, options),
      repairs: options.repairRecords === true,
      signal: options.signal,
    });
    const { store, notVerifiedSince } = options;
    this.#due = {
      storeName: store,
      notVerifiedSince,
    };
    this.#point = parts.interrupted?.point ?? { stage: 'ledger', objectCount: 0, sizeBytes: 0 };
  }

  /** Everything that is looked at; of an interrupted run, what it found and stands still, then the rest. */
  async *results(): AsyncIterable<VerifiedObject> {
    const { interrupted, options, version } = this.#parts;
    const { objectCount, sizeBytes } = this.#point;
    options.onBegin?.({
      objectCount,
      sizeBytes,
      ...(interrupted === undefined ? {} : { resumedFrom: interrupted.heading.startedAt }),
    });
    for (const finding of interrupted?.findings ?? []) {
      if (await this.#reporter.standsStill(finding)) yield finding;
    }
    const isWhole = version === undefined && options.store === undefined;
    if (isWhole && this.#point.stage === 'ledger') yield* this.#noted(this.#registryChecker.checkRecords());
    await this.#measure();
    if (this.#point.stage === 'ledger') yield* this.#noted(this.#unlocated());
    if (this.#point.stage === 'ledger') await this.#mark({ ...this.#point, stage: 'objects' });
    if (this.#point.stage === 'objects') yield* this.#objects();
    if (version === undefined) yield* this.#records();
    // With an age, what was read lately is not read again.
    if (isWhole && options.notVerifiedSince === undefined) yield* this.#registryChecker.compareManifests();
  }

  /** Keeps what was found, also when it is left early. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#save().catch(() => undefined);
  }

  /** What is registered nowhere is missing from no store in particular. */
  async *#unlocated(): AsyncIterable<VerifiedObject> {
    if (this.#parts.options.store !== undefined) return;
    for await (const digest of this.#lostDigests()) {
      const finding = await this.#reporter.reportLost(digest, this.#parts.options);
      if (finding !== undefined) yield finding;
    }
  }

  async *#lostDigests(): AsyncIterable<Digest> {
    const { registry, version } = this.#parts;
    const { objects } = registry.repositories;
    if (version !== undefined) {
      const located = new Set(this.#needed.map(({ digest }) => digest));
      const needed = await objects.findReferences(versionOwner(version.id));
      return yield* needed.filter((digest) => !located.has(digest));
    }
    let after: string | undefined;
    do {
      const page = await objects.listUnlocated({
        limit: pageSize,
        after,
      });
      yield* page.items;
      after = page.next;
    } while (after !== undefined);
  }

  async *#objects(): AsyncIterable<VerifiedObject> {
    const { options, journal } = this.#parts;
    const look = async (place: Place, signal: AbortSignal) => ({
      place,
      examination: await this.#outages.examine(place.location, {
        signal,
        onBytes: (bytes) => this.#advance(place, bytes),
      }),
    });
    const looks = inOrder(this.#places(), look, { atOnce: looksAtOnce, signal: options.signal });
    for await (const { place, examination } of looks) {
      const result =
        examination === undefined
          ? this.#outages.take(place.location.storeName)
          : await this.#judge(place.location, examination);
      if (result !== undefined && result.state !== VerifiedState.Intact) await journal?.note(result);
      this.#pass(place);
      if (result !== undefined) yield result;
      if (this.#recorder.isFull) await this.#save();
    }
    await this.#mark({
      stage: 'records',
      objectCount: this.#point.objectCount,
      sizeBytes: this.#point.sizeBytes,
    });
  }

  async #judge(location: ObjectLocation, examination: Examination): Promise<VerifiedObject | undefined> {
    if (examination.state === VerifiedState.Intact) {
      const { digest, storeName, key, sizeBytes } = location;
      this.#recorder.addIntact(location);
      return { state: VerifiedState.Intact, digest, storeName, key, sizeBytes, affected: [], copies: [] };
    }
    // A store that cannot be opened says nothing about its objects.
    const isKept = examination.state !== VerifiedState.Unreadable;
    const registered = isKept ? await this.#recorder.recordDamage(location) : location;
    if (registered === undefined) return undefined;
    return this.#reporter.report(registered, examination, this.#parts.options);
  }

  async *#records(): AsyncIterable<VerifiedObject> {
    const { storage, options } = this.#parts;
    const done = [...(this.#point.stores ?? [])];
    const checker = new RecordChecker({
      ...this.#parts,
      recorder: this.#recorder,
      reporter: this.#reporter,
    });
    const checked = options.store === undefined ? storage.storeNames : [options.store];
    for (const storeName of checked.filter((name) => !done.includes(name))) {
      options.onProgress?.(this.#progress());
      yield* this.#noted(this.#outages.passing(storeName, checker.check(storeName, options)));
      done.push(storeName);
      await this.#mark({ ...this.#point, stores: [...done] });
    }
  }

  async *#noted(findings: AsyncIterable<VerifiedObject>): AsyncIterable<VerifiedObject> {
    for await (const finding of findings) {
      await this.#parts.journal?.note(finding);
      yield finding;
    }
  }

  async *#places(): AsyncIterable<Place> {
    const { last } = this.#point;
    const isWhole = this.#parts.version === undefined;
    for await (const place of isWhole ? this.#allPlaces() : this.#neededPlaces()) {
      if (last === undefined || isAfter(place.location, last)) yield place;
    }
  }

  async *#allPlaces(): AsyncIterable<Place> {
    const { objects } = this.#parts.registry.repositories;
    let page = this.#point.page;
    do {
      const { items, next } = await objects.listLocations({
        ...this.#due,
        limit: pageSize,
        after: page,
      });
      for (const location of items) yield { location, page, readBytes: 0 };
      page = next;
    } while (page !== undefined);
  }

  async *#neededPlaces(): AsyncIterable<Place> {
    for (const location of this.#needed) {
      if (isDue(location, this.#due)) yield { location, page: undefined, readBytes: 0 };
    }
  }

  async #measure(): Promise<void> {
    const { registry, version } = this.#parts;
    const { objects } = registry.repositories;
    if (version === undefined) {
      const isLimited = this.#due.notVerifiedSince !== undefined;
      const due = await objects.measureLocations(this.#due);
      // What was found intact before the interruption is not due any more.
      const { objectCount, sizeBytes } = isLimited ? this.#point : { objectCount: 0, sizeBytes: 0 };
      this.#total = { count: due.count + objectCount, sizeBytes: due.sizeBytes + sizeBytes };
      return;
    }
    const needed: ObjectLocation[] = [];
    for (const digest of await objects.findReferences(versionOwner(version.id)))
      needed.push(...(await objects.findLocations(digest)));
    this.#needed = needed;
    const due = needed.filter((location) => isDue(location, this.#due));
    const sizeBytes = due.reduce((sum, location) => sum + location.sizeBytes, 0);
    this.#total = { count: due.length, sizeBytes };
  }

  #advance(place: Place, bytes: number): void {
    place.readBytes += bytes;
    this.#readBytes += bytes;
    this.#parts.options.onProgress?.(this.#progress());
  }

  #pass({ location, page, readBytes }: Place): void {
    const { digest, storeName, sizeBytes } = location;
    this.#readBytes -= readBytes;
    this.#point = {
      stage: 'objects',
      ...(page === undefined ? {} : { page }),
      last: { digest, storeName },
      objectCount: this.#point.objectCount + 1,
      sizeBytes: this.#point.sizeBytes + sizeBytes,
    };
    this.#parts.options.onProgress?.(this.#progress());
  }

  #progress(): VerificationProgress {
    const { stage, objectCount, sizeBytes } = this.#point;
    return {
      stage: stage === 'records' ? 'records' : 'objects',
      objectCount,
      totalCount: this.#total.count,
      bytes: sizeBytes + this.#readBytes,
      totalBytes: this.#total.sizeBytes,
    };
  }

  async #mark(point: VerificationPoint): Promise<void> {
    this.#point = point;
    await this.#save();
  }

  /** First what was found, then that it was: a crash between the two costs time only. */
  async #save(): Promise<void> {
    await this.#recorder.flush();
    await this.#parts.journal?.mark(this.#point);
  }
}
