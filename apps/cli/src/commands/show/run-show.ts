import { ArtifactKind, type ModelVersion, type TreeEntry } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import type { ModelPersistenceService } from '@holdfast/registry';
import type { CommandHandler } from '../../command/command-declaration.ts';
import type { Output } from '../../output/output.ts';
import { versionDocument } from '../../output/version-document.ts';
import { type ShownVersion, printVersion } from './print-version.ts';
import { showList } from './show-list.ts';

/** Shows everything that is known of a version. */
export const runShow: CommandHandler = async (invocation, context) => {
  const { output, signal } = context;
  const app = await context.openApp();
  const list = invocation.text('list');
  if (list !== undefined) return showList(list, { reference: invocation.argument(0), app, context });
  const [models, registry] = await Promise.all([app.models(), app.registry()]);
  const details = await models.describeVersion(invocation.argument(0));
  const { version } = details;
  const locations = await registry.repositories.objects.findLocations(version.storage.checksum);
  const isFolder = version.artifactKind === ArtifactKind.Tree;
  const files = isFolder ? await listFiles(await app.persistence(), version, { output, signal }) : undefined;
  const shown = { details, locations, files };
  output.answer(showDocument(shown), () => printVersion(shown, output));
};

/** The record is worth showing, too, while the store that has the list of its files cannot be read. */
async function listFiles(
  persistence: ModelPersistenceService,
  version: ModelVersion,
  { output, signal }: { readonly output: Output; readonly signal: AbortSignal },
): Promise<readonly TreeEntry[] | undefined> {
  try {
    return await persistence.listFiles(version, { signal });
  } catch (error) {
    if (!StorageError.isInstance(error) || error.code === 'cancelled') throw error;
    output.warn(`The list of its files cannot be read: ${error.message}`);
    return undefined;
  }
}

/** What `show --json` answers, beside what every version has. */
function showDocument({ details: { model, version, aliases }, locations, files }: ShownVersion): object {
  return {
    ...versionDocument(version, aliases),
    modelTags: model.tags,
    modelDescription: model.description,
    modelHistory: model.history ?? [],
    locations: locations.map(({ storeName, key, state, verifiedAt }) => ({
      storeName,
      key,
      state,
      verifiedAt,
    })),
    ...(files === undefined ? {} : { files }),
    ...(version.inspection === undefined ? {} : { inspection: version.inspection }),
  };
}
