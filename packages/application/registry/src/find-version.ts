import type { Model, ModelReference, ModelVersion, Repositories } from '@holdfast/domain';
import { notFound } from './registry-error.ts';

/** How many names a hint lists. */
const mostSuggestions = 5;

/**
 * Finds a model by name.
 *
 * @throws StorageError `not-found` naming models that are spelt alike.
 */
export async function findModel(repositories: Repositories, name: string): Promise<Model> {
  const model = await repositories.models.findByName(name);
  if (model !== undefined) return model;
  throw notFound(`There is no model named ${name}.`, await suggestModels(repositories, name));
}

/**
 * Finds the version that a reference means.
 *
 * @throws StorageError `not-found` saying which versions or aliases there are.
 */
export async function findVersion(
  repositories: Repositories,
  reference: ModelReference,
): Promise<ModelVersion> {
  const model = await findModel(repositories, reference.name);
  if (reference.kind === 'latest') return findLatest(repositories, model);
  const number =
    reference.kind === 'number' ? reference.number : await findAliased(repositories, model, reference.alias);
  const version = await repositories.versions.findByNumber(model.id, number);
  if (version !== undefined) return version;
  throw notFound(`${model.name} has no version ${number}.`, await suggestVersions(repositories, model));
}

async function findLatest(repositories: Repositories, model: Model): Promise<ModelVersion> {
  const latest = await repositories.versions.findLatest(model.id);
  if (latest !== undefined) return latest;
  throw notFound(`${model.name} has no version yet.`, `Add one: holdfast put FILE --name ${model.name}`);
}

async function findAliased(repositories: Repositories, model: Model, alias: string): Promise<number> {
  const found = await repositories.aliases.find(model.id, alias);
  if (found !== undefined) return found.number;
  const names = (await repositories.aliases.findByModel(model.id)).map(({ name }) => name);
  const hint = names.length === 0 ? 'It has no aliases.' : `Its aliases: ${shortened(names)}.`;
  throw notFound(`${model.name} has no alias ${alias}.`, hint);
}

async function suggestModels(repositories: Repositories, name: string): Promise<string> {
  const nameContains = (name.split('/').at(-1) ?? name).slice(0, 4);
  const { items } = await repositories.models.findAll({ filter: { nameContains }, limit: mostSuggestions });
  if (items.length === 0) return 'List what there is: holdfast ls';
  return `Did you mean ${items.map((model) => model.name).join(', ')}?`;
}

async function suggestVersions(repositories: Repositories, model: Model): Promise<string> {
  const order = { field: 'number', direction: 'descending' } as const;
  const filter = { modelId: model.id };
  const { items } = await repositories.versions.findAll({ filter, order, limit: mostSuggestions + 1 });
  if (items.length === 0) return 'It has no versions.';
  return `Its versions: ${shortened(items.map(({ number }) => String(number)))}.`;
}

function shortened(names: readonly string[]): string {
  return names.length <= mostSuggestions
    ? names.join(', ')
    : `${names.slice(0, mostSuggestions).join(', ')}, …`;
}
