import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { type Digest, type UtcTimestamp, epochMsOf } from '@holdfast/domain';
import { aboutFile, renamePatiently } from '@holdfast/files';
import type { VerifiedObject } from './verified-object.ts';

/** What a run is about; only a run about the same can go on with its journal. */
export interface VerificationSubject {
  readonly registryId: string;
  /** The version that is looked at alone. */
  readonly version?: string | undefined;
  readonly repairFrom?: string | undefined;
  readonly store?: string | undefined;
  /** Only what was not verified lately is looked at. */
  readonly isLimited?: true | undefined;
}

/** A place in a run: everything before it is done, and written down where it belongs. */
export interface VerificationPoint {
  readonly stage: 'ledger' | 'objects' | 'records';
  /** Where the page of locations begins that is being worked on. */
  readonly page?: string;
  /** The last location that is done. */
  readonly last?: { readonly digest: Digest; readonly storeName: string };
  /** The stores whose records are done. */
  readonly stores?: readonly string[];
  readonly objectCount: number;
  readonly sizeBytes: number;
}

/** The first line of a journal. */
export interface JournalHeading {
  readonly layout: typeof journalLayout;
  /** Tells whose file it is when two runs use one path. */
  readonly runId: string;
  readonly subject: VerificationSubject;
  readonly startedAt: UtcTimestamp;
  /** What the run takes as verified lately, as it was when it began. */
  readonly notVerifiedSince?: UtcTimestamp;
}

/** What an interrupted run left. */
export interface InterruptedRun {
  readonly heading: JournalHeading;
  readonly point: VerificationPoint;
  /** What it found before that point. */
  readonly findings: readonly VerifiedObject[];
}

/** Any line but the first. */
interface JournalLine {
  readonly finding?: VerifiedObject;
  readonly point?: VerificationPoint;
}

const journalLayout = 'holdfast-verification-1';

/** What was verified longer ago had better be verified again. */
const longestPauseMs = 7 * 24 * 3_600_000;

/**
 * The progress of a verification as lines of JSON in a file: a heading, then findings and points. It is only ever
 * appended to. What stands after the last point is found again by the run that goes on, and a line that a crash has
 * cut is none: so nothing needs to be synced.
 */
export class VerificationJournal implements AsyncDisposable {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #heading: JournalHeading;

  private constructor(path: string, file: FileHandle, heading: JournalHeading) {
    this.#path = path;
    this.#file = file;
    this.#heading = heading;
  }

  /**
   * Begins a journal, with what is kept of an interrupted run if it goes on. A run that is still writing one under
   * this path loses it and is not disturbed.
   */
  static async begin(
    path: string,
    heading: Omit<JournalHeading, 'layout' | 'runId'>,
    interrupted?: InterruptedRun,
  ): Promise<VerificationJournal> {
    const full: JournalHeading = { ...heading, layout: journalLayout, runId: randomUUID() };
    const temporary = `${path}.${full.runId}`;
    const file = await open(temporary, 'wx', 0o600);
    try {
      await append(file, path, full);
      const journal = new VerificationJournal(path, file, full);
      for (const finding of interrupted?.findings ?? []) await journal.note(finding);
      if (interrupted !== undefined) await journal.mark(interrupted.point);
      await renamePatiently(temporary, path);
      return journal;
    } catch (error) {
      await file.close();
      await unlink(temporary).catch(() => undefined);
      throw error;
    }
  }

  /** Writes down something that was found. */
  async note(finding: VerifiedObject): Promise<void> {
    await append(this.#file, this.#path, { finding });
  }

  /** Writes down how far the run has come. */
  async mark(point: VerificationPoint): Promise<void> {
    await append(this.#file, this.#path, { point });
  }

  /** Removes the journal of a run that has come to its end. */
  async finish(): Promise<void> {
    const present = await readHeading(this.#path);
    if (present?.runId === this.#heading.runId) await unlink(this.#path);
  }

  /** Closes the file and leaves it for a run that goes on. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

/**
 * What the run left that was about the same; `undefined` when there is nothing to go on with, or it is too long ago.
 * A journal that cannot be read is none.
 */
export async function findInterruptedRun(
  path: string,
  { subject, nowMs }: { readonly subject: VerificationSubject; readonly nowMs: number },
): Promise<InterruptedRun | undefined> {
  const heading = await readHeading(path);
  if (heading === undefined || !isAbout(heading.subject, subject)) return undefined;
  if (nowMs - epochMsOf(heading.startedAt) > longestPauseMs) return undefined;
  let point: VerificationPoint | undefined;
  const findings: VerifiedObject[] = [];
  const unsettled: VerifiedObject[] = [];
  for await (const line of readLines(path)) {
    if (line.finding !== undefined) unsettled.push(line.finding);
    if (line.point === undefined) continue;
    point = line.point;
    findings.push(...unsettled.splice(0));
  }
  return point === undefined ? undefined : { heading, point, findings };
}

function isAbout(left: VerificationSubject, right: VerificationSubject): boolean {
  return (
    left.registryId === right.registryId &&
    left.version === right.version &&
    left.repairFrom === right.repairFrom &&
    left.store === right.store &&
    left.isLimited === right.isLimited
  );
}

async function readHeading(path: string): Promise<JournalHeading | undefined> {
  for await (const line of readLines(path)) {
    const heading = line as Partial<JournalHeading>;
    const isHeading = heading.layout === journalLayout && typeof heading.subject === 'object';
    return isHeading ? (heading as JournalHeading) : undefined;
  }
  return undefined;
}

/** The lines as far as they are whole; none when there is no file. */
async function* readLines(path: string): AsyncIterable<JournalLine> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return;
  await using _ = file;
  for await (const text of file.readLines({ autoClose: false })) {
    const line = parseLine(text);
    if (line === undefined) return;
    yield line;
  }
}

function parseLine(text: string): JournalLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return typeof line === 'object' && line !== null ? line : undefined;
  } catch {
    return undefined;
  }
}

async function append(file: FileHandle, path: string, line: JournalLine | JournalHeading): Promise<void> {
  await file.appendFile(printLine(line)).catch(aboutFile(path));
}

function printLine(line: JournalLine | JournalHeading): string {
  return `${JSON.stringify(line)}\n`;
}
