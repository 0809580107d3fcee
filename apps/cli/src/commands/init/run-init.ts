import { AppSession } from '../../command/app-session.ts';
import type { CommandContext } from '../../command/command-context.ts';
import type { CommandHandler } from '../../command/command-declaration.ts';
import { LateFailure } from '../../failure/late-failure.ts';

/** Makes a configuration in the working folder, and the stores and the database that it names. */
export const runInit: CommandHandler = async (_invocation, context) => {
  const { initConfiguration } = await import('@holdfast/composition');
  const { file } = await initConfiguration({ folder: context.workingFolder });
  const made = await makeStores(file, context);
  const { output } = context;
  output.answer({ file, ...made }, () => file);
  const stores = `${made.stores.length === 1 ? 'the store' : 'the stores'} ${made.stores.join(', ')}`;
  output.say(
    `${output.messageStyle.good('✓')} Created the configuration, ${stores} and the database ${made.database}.`,
  );
  output.say(`  Save a model: holdfast put FILE --name NAME`);
};

interface MadeStores {
  readonly stores: readonly string[];
  readonly database: string;
}

async function makeStores(
  file: string,
  { workingFolder, environment, signal, output }: CommandContext,
): Promise<MadeStores> {
  try {
    await using session = new AppSession({
      workingFolder,
      environment,
      flags: { config: file },
      signal,
      output,
    });
    const { configuration } = await session.loadConfiguration();
    const app = await session.openApp({ create: true });
    const { StoreClaim } = await import('@holdfast/registry');
    const claim = new StoreClaim(await app.registry(), await app.storage());
    const stores = Object.keys(configuration.stores);
    for (const store of stores) await claim.ensure(store);
    return { stores, database: configuration.database.url };
  } catch (error) {
    throw new LateFailure(`${file} was made, and what it names was not.`, error, { file });
  }
}
