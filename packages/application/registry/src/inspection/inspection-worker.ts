import { type ByteRangeSource, FormatCatalog, FormatError, type FormatInspection } from '@holdfast/formats';
import { inflate } from '@holdfast/storage';
import { serveTasks, type ThreadTools } from '@holdfast/work';
import type {
  BytesQuestion,
  InspectedFile,
  InspectionOutcome,
  InspectionTask,
} from './inspection-messages.ts';
import { LocalBytes } from './local-bytes.ts';

type Tools = ThreadTools<BytesQuestion, Uint8Array>;

/** Looks into one file or folder, in a thread that can be ended at any time. */
serveTasks(async (task: InspectionTask, tools: Tools): Promise<InspectionOutcome> => {
  try {
    const { tensorList: list, ...inspection } = await inspect(task, tools);
    const tensorList = list?.parts();
    if (tensorList !== undefined && 'header' in tensorList)
      tools.transfer(tensorList.header.buffer as ArrayBuffer);
    return { inspection, tensorList };
  } catch (error) {
    if (!FormatError.isInstance(error)) throw error;
    const { format, offset, reason, hint, path } = error;
    return { broken: { format, offset, reason, hint, path } };
  }
});

async function inspect(
  { file, entries = [], path, format }: InspectionTask,
  { ask }: Tools,
): Promise<FormatInspection> {
  await using local = new LocalBytes();
  const sourceOf = ({ sizeBytes, location }: InspectedFile, name?: string): ByteRangeSource =>
    location === undefined
      ? { sizeBytes, read: (offset, length) => ask({ path: name, offset, length }) }
      : local.source(location, { sizeBytes });
  const catalog = FormatCatalog.standard();
  const options = { inflate, path, format };
  if (file !== undefined) return await catalog.inspect(sourceOf(file), options);
  const files = new Map(entries.map((entry) => [entry.path, entry]));
  const open = (name: string): ByteRangeSource => sourceOf(files.get(name) as InspectedFile, name);
  return await catalog.inspectFolder({ entries: entries.map(plainEntry), open }, options);
}

function plainEntry({ path, sizeBytes }: { path: string; sizeBytes: number }): {
  path: string;
  sizeBytes: number;
} {
  return { path, sizeBytes };
}
