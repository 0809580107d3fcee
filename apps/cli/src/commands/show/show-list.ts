import { once } from 'node:events';
import type { App } from '@holdfast/composition';
import type { JsonValue } from '@holdfast/domain';
import type { TensorDescription } from '@holdfast/formats';
import type { InspectionPage } from '@holdfast/registry';
import type { CommandContext } from '../../command/command-context.ts';
import { CommandError } from '../../failure/command-error.ts';
import { plainText } from '../../output/plain-text.ts';
import { tensorField } from '../../output/print-inspection.ts';

export interface ShowListOptions {
  readonly reference: string;
  readonly app: App;
  readonly context: CommandContext;
}

/** Prints every entry of one list of what inspection found in a version, page by page. */
export async function showList(list: string, { reference, app, context }: ShowListOptions): Promise<void> {
  const [models, persistence] = await Promise.all([app.models(), app.persistence()]);
  const version = await models.findVersion(reference);
  const lists = new Set<string>();
  for await (const page of persistence.readInspection(version, { signal: context.signal })) {
    lists.add(page.list);
    if (page.list === list) await printPage(page, context);
  }
  if (!lists.has(list)) throw unknownList(list, lists, reference);
}

async function printPage(
  { list, entries }: InspectionPage,
  { output, stdout, signal }: CommandContext,
): Promise<void> {
  const print = (entry: JsonValue) => (output.isJson ? JSON.stringify(entry) : printEntry(list, entry));
  if (entries.length === 0) return;
  if (!stdout.write(`${entries.map(print).join('\n')}\n`)) await once(stdout, 'drain', { signal });
}

function printEntry(list: string, entry: JsonValue): string {
  if (list === 'tensors') return tensorField(entry as unknown as TensorDescription).join('  ');
  if (Array.isArray(entry)) return entry.map(printText).join('  ');
  if (typeof entry !== 'object' || entry === null) return printText(entry);
  return Object.values(entry).map(printText).join('  ');
}

function printText(value: JsonValue): string {
  return plainText(typeof value === 'string' ? value : JSON.stringify(value));
}

function unknownList(list: string, lists: ReadonlySet<string>, reference: string): CommandError {
  return new CommandError({
    code: 'wrong-use',
    message: `Inspection found no list ${list} in ${reference}.`,
    hint: lists.size === 0 ? 'It found no lists.' : `It found ${[...lists].join(', ')}.`,
  });
}
