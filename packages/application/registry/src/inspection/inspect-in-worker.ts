import { FormatError, type FormatInspection, tensorListOfParts } from '@holdfast/formats';
import { WorkerPool, type WorkLimits, WorkLimitError } from '@holdfast/work';
import type { BytesQuestion, InspectionOutcome, InspectionTask } from './inspection-messages.ts';

/** How much a worker may take before it is ended. */
export interface InspectionLimits extends WorkLimits {
  /** The longest that it may work, in milliseconds; waiting for bytes does not count. @default 30000 */
  readonly workMs?: number | undefined;
  /** The most that its heap may hold, in MiB. @default 1024 */
  readonly heapMiB?: number | undefined;
}

export interface InspectInWorkerOptions extends InspectionLimits {
  /** Serves bytes of the file, or of one file of the folder. */
  readonly read: (question: BytesQuestion) => Promise<Uint8Array>;
  readonly signal?: AbortSignal | undefined;
}

const isSource = import.meta.url.endsWith('.ts');
const module = new URL(`./inspection-worker.${isSource ? 'ts' : 'js'}`, import.meta.url);

/**
 * Looks into a file or folder in a thread of its own, which is ended when the signal is raised or a
 * limit is reached. Gives the inspection, or, as a clause, which limit it was.
 *
 * @throws FormatError as the catalog does, the signal's reason, and whatever `read` throws.
 */
export async function inspectInWorker(
  task: InspectionTask,
  { read, signal, workMs = 30_000, heapMiB = 1024 }: InspectInWorkerOptions,
): Promise<FormatInspection | string> {
  const pool = new WorkerPool<InspectionTask, InspectionOutcome, BytesQuestion, Uint8Array>({
    module,
    limits: { workMs, heapMiB },
    isReused: false,
  });
  try {
    return assembled(await pool.run(task, { answer: read, signal }));
  } catch (error) {
    if (error instanceof WorkLimitError) return error.message;
    throw error;
  }
}

function assembled(outcome: InspectionOutcome): FormatInspection {
  if ('broken' in outcome) throw new FormatError(outcome.broken);
  const { inspection, tensorList } = outcome;
  return tensorList === undefined ? inspection : { ...inspection, tensorList: tensorListOfParts(tensorList) };
}
