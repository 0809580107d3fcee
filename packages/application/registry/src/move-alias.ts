import {
  type Alias,
  type ChangeOptions,
  type ModelVersion,
  type Repositories,
  assertCanBeAliased,
  parseAliasName,
  whyCodeMayHide,
} from '@holdfast/domain';
import { findModel, findVersion } from './find-version.ts';
import { conflict } from './registry-error.ts';

/** How an alias is moved. */
export interface MoveAliasOptions {
  /** The version that it must point to now; 0 when it must not exist. Any when not given. */
  readonly expected?: number | undefined;
}

/** What became of a moved alias. */
export interface MovedAlias {
  readonly alias: Alias;
  /** Where it pointed before. */
  readonly from: number | undefined;
  /** What a careful user should know. */
  readonly warnings: readonly string[];
}

/** An alias of a model, and when it is touched. */
export interface AliasTouch extends MoveAliasOptions, ChangeOptions {
  readonly name: string;
  readonly alias: string;
}

/**
 * Points an alias to a version, inside a transaction.
 *
 * @throws StorageError `precondition-failed` when it does not point where `expected` says.
 * @throws InvalidValueError when the version cannot be aliased, or the alias cannot be named so.
 */
export async function moveAlias(
  repositories: Repositories,
  touch: AliasTouch & { readonly to: number },
): Promise<MovedAlias> {
  const { name, now, by } = touch;
  const alias = parseAliasName(touch.alias);
  const version = await findVersion(repositories, { kind: 'number', name, number: touch.to });
  assertCanBeAliased(version);
  const current = await repositories.aliases.find(version.modelId, alias);
  assertExpected(touch, current);
  const moved = await repositories.aliases.move({
    modelId: version.modelId,
    name: alias,
    to: version.number,
    expectedRevision: current?.revision ?? 0,
    now,
    by,
  });
  return { alias: moved as Alias, from: current?.number, warnings: aliasWarnings(version) };
}

/**
 * Removes an alias, inside a transaction.
 *
 * @returns whether it was there.
 * @throws StorageError `precondition-failed` when it does not point where `expected` says.
 */
export async function removeAlias(repositories: Repositories, touch: AliasTouch): Promise<boolean> {
  const { name, alias, now, by } = touch;
  const model = await findModel(repositories, name);
  const current = await repositories.aliases.find(model.id, alias);
  assertExpected(touch, current);
  if (current === undefined) return false;
  const { revision: expectedRevision } = current;
  await repositories.aliases.move({
    modelId: model.id,
    name: alias,
    to: undefined,
    expectedRevision,
    now,
    by,
  });
  return true;
}

/**
 * Removes every alias that points to a version, inside a transaction.
 *
 * @returns their names, sorted.
 */
export async function removeAliasesOf(
  { aliases }: Repositories,
  { modelId, number }: ModelVersion,
  change: ChangeOptions,
): Promise<readonly string[]> {
  const found = await aliases.findByVersion(modelId, number);
  for (const { name, revision: expectedRevision } of found)
    await aliases.move({ modelId, name, to: undefined, expectedRevision, ...change });
  return found.map(({ name }) => name);
}

function assertExpected({ name, alias, expected }: AliasTouch, current: Alias | undefined): void {
  if (expected === undefined || expected === (current?.number ?? 0)) return;
  const actual = current === undefined ? 'does not exist' : `points to version ${current.number}`;
  const wanted = expected === 0 ? 'it was expected not to exist' : `version ${expected} was expected`;
  throw conflict(`${name}@${alias} ${actual}, ${wanted}.`, 'Check what has changed, then decide again.');
}

function aliasWarnings(version: ModelVersion): readonly string[] {
  const risk = whyCodeMayHide(version);
  return risk === undefined ? [] : [`${version.modelName}:${version.number}: ${risk}`];
}
