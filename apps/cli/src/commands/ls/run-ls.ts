import type { ModelFilter } from '@holdfast/domain';
import type { CommandContext } from '../../command/command-context.ts';
import type { CommandHandler } from '../../command/command-declaration.ts';
import type { Invocation } from '../../command/invocation.ts';
import { limitOf } from '../../command/limit-of.ts';
import { parsePairs } from '../../command/parse-pairs.ts';
import { CommandError } from '../../failure/command-error.ts';
import { type Listing, listModels } from './list-models.ts';
import { listVersions } from './list-versions.ts';

/** Lists models, or the versions of one. */
export const runLs: CommandHandler = async (invocation, context) => {
  const listing = await makeListing(invocation, context);
  const { output } = context;
  if (invocation.isSet('names')) output.answer(listing.names, () => listing.names.join('\n'));
  else if (output.isJson)
    output.print(
      listing
        .documents()
        .map((document) => JSON.stringify(document))
        .join('\n'),
    );
  else if (listing.names.length > 0) output.print(listing.table(output));
  if (listing.note !== undefined) output.say(output.messageStyle.dim(listing.note));
};

async function makeListing(invocation: Invocation, context: CommandContext): Promise<Listing> {
  const name = invocation.optionalArgument(0);
  const tags = parsePairs(invocation.texts('tag'), 'tag');
  const limit = limitOf(invocation);
  const search = invocation.text('search');
  if (name !== undefined && !name.endsWith('/')) {
    if (search !== undefined) throw searchAmongVersions();
    return listVersions(await (await context.openApp()).models(), name, { tags, limit });
  }
  const filter: ModelFilter = {
    namePrefix: name,
    nameContains: search,
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
  };
  return listModels(await (await context.openApp()).models(), filter, limit);
}

function searchAmongVersions(): CommandError {
  return new CommandError({
    code: 'wrong-use',
    message: '--search looks for the names of models, and NAME lists the versions of one.',
    hint: 'Leave out one of them.',
  });
}
