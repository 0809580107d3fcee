import { open, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { App } from '@holdfast/composition';
import type {
  ModelPersistenceService,
  MovedAlias,
  SaveVersionOptions,
  SavedVersion,
} from '@holdfast/registry';
import type { CommandContext } from '../../command/command-context.ts';
import type { CommandHandler } from '../../command/command-declaration.ts';
import { refuseSpecialFile } from '../../command/refuse-special-file.ts';
import { LateFailure } from '../../failure/late-failure.ts';
import { plainText } from '../../output/plain-text.ts';
import { printReference } from '../../output/print-reference.ts';
import { TransferMeter } from '../../output/transfer-meter.ts';
import { putDocument, putMessage } from './put-report.ts';
import { type PutRequest, readPutRequest } from './put-request.ts';

/** Brings the bytes in, in whatever way they come. */
type Save = (persistence: ModelPersistenceService, options: SaveVersionOptions) => Promise<SavedVersion>;

/** Saves a file, a folder or a stream as the next version of a model. */
export const runPut: CommandHandler = async (invocation, context) => {
  const request = readPutRequest(invocation);
  const { output } = context;
  const save = await chooseWay(request, context);
  const app = await context.openApp({ create: true });
  const saved = await saveShowingProgress(app, request, { context, save });
  const reference = printReference(saved.version);
  for (const warning of saved.warnings) output.warn(plainText(warning));
  if (!output.isJson) output.print(reference);
  const moved: MovedAlias[] = [];
  for (const alias of request.aliases) moved.push(await moveAlias(app, saved, alias));
  if (output.isJson) output.print(JSON.stringify(putDocument(saved, moved)));
  output.say(putMessage(request, saved, { moved, style: output.messageStyle }));
};

async function saveShowingProgress(
  app: App,
  request: PutRequest,
  { context, save }: { readonly context: CommandContext; readonly save: Save },
): Promise<SavedVersion> {
  const { path, aliases: _later, store, format, ...wanted } = request;
  using meter = new TransferMeter(
    `Saving ${path === '-' ? 'standard input' : plainText(basename(path))}`,
    context.output,
  );
  return await save(await app.persistence(), {
    ...wanted,
    store,
    format,
    signal: context.signal,
    onProgress: meter.onProgress,
  });
}

/** Looks at what the path is, and that it can be read, before any store is opened. */
async function chooseWay({ path }: PutRequest, context: CommandContext): Promise<Save> {
  if (path === '-') {
    if (context.stdin.isTTY === true) context.output.say('Reading from the terminal; Ctrl-D ends.');
    return (persistence, options) => persistence.save(context.stdin, options);
  }
  const location = resolve(context.workingFolder, path);
  const sourceName = basename(location);
  const found = await stat(location);
  if (found.isDirectory())
    return (persistence, options) => persistence.saveFolder(location, { ...options, sourceName });
  refuseSpecialFile(
    location,
    found,
    `Give what it holds through a pipe: cat ${path} | holdfast put - --name NAME`,
  );
  await (await open(location, 'r')).close();
  return (persistence, options) => persistence.saveFile(location, { ...options, sourceName });
}

async function moveAlias(app: App, { version }: SavedVersion, alias: string): Promise<MovedAlias> {
  try {
    const models = await app.models();
    return await models.moveAlias(version.modelName, alias, { to: version.number });
  } catch (error) {
    const reference = printReference(version);
    throw new LateFailure(`${reference} was saved, and the alias ${alias} was not moved.`, error, {
      saved: reference,
    });
  }
}
