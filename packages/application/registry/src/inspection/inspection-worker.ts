import { type MessagePort, type Transferable, parentPort, workerData } from 'node:worker_threads';
import { type ByteRangeSource, FormatCatalog, FormatError, type FormatInspection } from '@holdfast/formats';
import { inflate } from './inflate.ts';
import type { BytesMessage, InspectedFile, InspectionTask, WorkerMessage } from './inspection-messages.ts';
import { LocalBytes } from './local-bytes.ts';

/** Looks into one file or folder, in a thread that can be ended at any time. */
const port = parentPort as MessagePort;
const waiting = new Map<number, (bytes: Uint8Array) => void>();
let questionCount = 0;

port.on('message', ({ id, bytes }: BytesMessage) => {
  waiting.get(id)?.(bytes);
  waiting.delete(id);
});

function send(message: WorkerMessage, transfer: readonly Transferable[] = []): void {
  port.postMessage(message, transfer);
}

function ask(sizeBytes: number, path: string | undefined): ByteRangeSource {
  return {
    sizeBytes,
    read: (offset, length) =>
      new Promise((resolve) => {
        const id = (questionCount += 1);
        waiting.set(id, resolve);
        send({ kind: 'read', id, path, offset, length });
      }),
  };
}

async function inspect({ file, entries = [], path, format }: InspectionTask): Promise<FormatInspection> {
  await using local = new LocalBytes();
  const sourceOf = ({ sizeBytes, location }: InspectedFile, name?: string): ByteRangeSource =>
    location === undefined ? ask(sizeBytes, name) : local.source(location, { sizeBytes });
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

try {
  const { tensorList, ...inspection } = await inspect(workerData as InspectionTask);
  const parts = tensorList?.parts();
  const header = parts !== undefined && 'header' in parts ? [parts.header.buffer as ArrayBuffer] : [];
  send({ kind: 'inspected', inspection, tensorList: parts }, header);
} catch (error) {
  if (FormatError.isInstance(error)) {
    const { format, offset, reason, hint, path } = error;
    send({ kind: 'broken', details: { format, offset, reason, hint, path } });
  } else send({ kind: 'failed', error });
}
port.close();
