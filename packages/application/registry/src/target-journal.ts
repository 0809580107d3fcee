import { randomUUID } from 'node:crypto';
import { lstat, readFile, readdir, rm, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolder, renamePatiently, writeFileWhole } from '@holdfast/files';

export interface TargetJournalOptions {
  /** Where this user's runs on this machine note what they write. Made when it is first needed. */
  readonly folder: string;
  /** This process, as the beginning of a file name. */
  readonly owner: string;
  /** Whether the process that a file name begins with has ended. */
  readonly hasEnded: (name: string) => boolean;
}

/** What a killed process left beside a path, and what became of it. */
export interface RecoveredTarget {
  /** Where a version was to be written. */
  readonly path: string;
  /** What lies beside it. */
  readonly leftover: string;
  /** `kept` is an old folder whose place another program took meanwhile. */
  readonly outcome: 'put back' | 'removed' | 'kept';
}

interface Intent {
  readonly path: string;
  /** Becomes what is at the path. */
  readonly temporary: string;
  /** Takes an old folder until the new one is in its place. */
  readonly aside: string;
  /** The new folder, so that it is recognised at the path; absent until an old one steps aside. */
  readonly replacement?: string;
}

/** The names that one writing uses beside its path. */
export interface JournaledTarget extends AsyncDisposable, Omit<Intent, 'replacement'> {
  /** Notes, durably, that what is at the path steps aside for what is at the temporary path. */
  readonly willReplace: () => Promise<void>;
}

/**
 * Notes what is being written beside the paths of users, so that the next command on this machine can take away what
 * a killed one left, and put back a folder whose successor never came. Where it cannot be written, nothing is noted.
 */
export class TargetJournal {
  readonly #options: TargetJournalOptions | undefined;

  /** @param options Without them nothing is noted. */
  constructor(options?: TargetJournalOptions) {
    this.#options = options;
  }

  /** Begins to write to a path. Dispose the answer when nothing is left beside it. */
  async begin(path: string): Promise<JournaledTarget> {
    const beside = join(dirname(path), `.holdfast-${randomUUID()}`);
    const intent: Intent = { path, temporary: `${beside}.partial`, aside: `${beside}.replaced` };
    const note = await this.#note(intent, { isSynced: false });
    return {
      ...intent,
      willReplace: async () => {
        const replacement = await identityOf(intent.temporary);
        await this.#note(
          { ...intent, ...(replacement === undefined ? {} : { replacement }) },
          { note, isSynced: true },
        );
      },
      [Symbol.asyncDispose]: async () => {
        // An old folder that could not be put back is put back by a later command.
        const isOpen = (await identityOf(intent.aside)) !== undefined;
        if (note !== undefined && !isOpen) await unlink(note).catch(() => undefined);
      },
    };
  }

  /** Takes away what ended processes left beside their paths, and puts back what they moved aside. */
  async recover(options: { readonly isDryRun?: boolean } = {}): Promise<readonly RecoveredTarget[]> {
    const { folder, hasEnded } = this.#options ?? { folder: '', hasEnded: () => false };
    const names = this.#options === undefined ? [] : await readdir(folder).catch(() => []);
    const recovered: RecoveredTarget[] = [];
    for (const name of names.filter(hasEnded)) {
      const note = join(folder, name);
      const intent = parseIntent(await readFile(note, 'utf8').catch(() => ''));
      const found = intent === undefined ? [] : await recoverIntent(intent, options);
      recovered.push(...found);
      const isOpen = options.isDryRun === true || found.some(({ outcome }) => outcome === 'kept');
      if (!isOpen) await unlink(note).catch(() => undefined);
    }
    return recovered;
  }

  async #note(
    intent: Intent,
    { note, isSynced }: { readonly note?: string | undefined; readonly isSynced: boolean },
  ): Promise<string | undefined> {
    if (this.#options === undefined) return undefined;
    const { folder, owner } = this.#options;
    const path = note ?? join(folder, `${owner}-${randomUUID()}`);
    try {
      await makeFolder(folder, 0o700);
      await writeFileWhole(path, JSON.stringify(intent), {
        overwrite: true,
        mode: 0o600,
        temporaryPath: `${path}.new`,
        sync: isSynced ? 'everything' : 'nothing',
      });
      return path;
    } catch {
      // Writing goes on without: the journal is needed only after a kill.
      return undefined;
    }
  }
}

async function recoverIntent(
  { path, temporary, aside, replacement }: Intent,
  { isDryRun = false }: { readonly isDryRun?: boolean },
): Promise<readonly RecoveredTarget[]> {
  const recovered: RecoveredTarget[] = [];
  const remove = (leftover: string): Promise<void> => rm(leftover, { recursive: true, force: true });
  if ((await identityOf(aside)) !== undefined) {
    const present = await identityOf(path);
    const isReplaced = present !== undefined && present === replacement;
    const outcome = present === undefined ? 'put back' : isReplaced ? 'removed' : 'kept';
    if (!isDryRun && outcome === 'put back') await renamePatiently(aside, path);
    if (!isDryRun && outcome === 'removed') await remove(aside);
    recovered.push({ path, leftover: aside, outcome });
  }
  if ((await identityOf(temporary)) !== undefined) {
    if (!isDryRun) await remove(temporary);
    recovered.push({ path, leftover: temporary, outcome: 'removed' });
  }
  return recovered;
}

/** Which file or folder is at a path, wherever it is renamed to; `undefined` where none is. */
async function identityOf(path: string): Promise<string | undefined> {
  const found = await lstat(path, { bigint: true }).catch(() => undefined);
  return found === undefined ? undefined : `${found.dev}:${found.ino}`;
}

/** What a note says, as far as it can be one of ours: what it names is removed. */
function parseIntent(text: string): Intent | undefined {
  const intent = parseJson(text);
  const { path, temporary, aside } = intent;
  if (typeof path !== 'string' || typeof temporary !== 'string' || typeof aside !== 'string')
    return undefined;
  const isOurs = [
    [temporary, 'partial'],
    [aside, 'replaced'],
  ].every(
    ([name = '', ending = '']) =>
      dirname(name) === dirname(path) &&
      new RegExp(`^\\.holdfast-[0-9a-f-]{36}\\.${ending}$`).test(basename(name)),
  );
  return isOurs ? (intent as Intent) : undefined;
}

function parseJson(text: string): Partial<Intent> {
  try {
    return (JSON.parse(text) ?? {}) as Partial<Intent>;
  } catch {
    return {};
  }
}
