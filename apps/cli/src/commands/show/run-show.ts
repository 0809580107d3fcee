import type { ObjectLocation } from '@holdfast/domain';
import type { VersionDetails } from '@holdfast/registry';
import type { CommandHandler } from '../../command/command-declaration.ts';
import { versionDocument } from '../../output/version-document.ts';
import { printVersion } from './print-version.ts';

/** Tells everything about a version. */
export const runShow: CommandHandler = async (invocation, context) => {
  const app = await context.openApp();
  const [models, registry] = await Promise.all([app.models(), app.registry()]);
  const details = await models.describeVersion(invocation.argument(0));
  const locations = await registry.repositories.objects.findLocations(details.version.storage.checksum);
  context.output.answer(showDocument(details, locations), () =>
    printVersion(details, locations, context.output),
  );
};

/** What `show --json` answers, beside what every version tells. */
function showDocument(
  { model, version, aliases }: VersionDetails,
  locations: readonly ObjectLocation[],
): object {
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
    ...(version.inspection === undefined ? {} : { inspection: version.inspection }),
  };
}
