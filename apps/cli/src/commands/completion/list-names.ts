import type { CommandContext } from '../../command/command-context.ts';
import type { NamedKind } from '../../command/command-declaration.ts';

/** What can be completed from a configuration and a registry, by its kind. */
export const namedKinds: readonly NamedKind[] = ['model', 'reference', 'alias', 'store', 'experiment'];

/** More than these help no one who completes a word. */
const mostNames = 500;

/**
 * The names of a kind that can follow from a word begun: of references the models, then after `NAME:` the versions of one,
 * and after `NAME@` its aliases.
 */
export async function listNames(
  kind: NamedKind,
  word: string,
  context: CommandContext,
): Promise<readonly string[]> {
  if (kind === 'store') return Object.keys((await context.loadConfiguration()).configuration.stores);
  if (kind === 'experiment') {
    const tracking = await (await context.openApp()).tracking();
    const { items } = await tracking.listExperiments({ namePrefix: word, limit: mostNames });
    return items.map(({ name }) => name);
  }
  const models = await (await context.openApp()).models();
  if (kind === 'alias') {
    const { items } = await models.listModels({ limit: mostNames });
    return [...new Set(items.flatMap(({ aliases }) => aliases.map(({ name }) => name)))].toSorted();
  }
  const [name = '', separator] = word.split(/([:@])/, 2);
  if (kind === 'reference' && separator === ':')
    return (await models.listVersions(name)).map(({ number }) => `${name}:${number}`);
  if (kind === 'reference' && separator === '@')
    return (await models.listAliases(name)).map((alias) => `${name}@${alias.name}`);
  const { items } = await models.listModels({ filter: { namePrefix: word }, limit: mostNames });
  return items.map(({ model }) => model.name);
}
