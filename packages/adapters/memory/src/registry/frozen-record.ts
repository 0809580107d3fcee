import { type Model, ModelStorageInfo, type ModelVersion } from '@holdfast/domain';

/** A deep, frozen copy of a model, as it would come back from JSON. */
export function frozenModel(model: Model): Model {
  return freezeDeeply(copyByJson(model));
}

/** A deep, frozen copy of a version, as it would come back from JSON. */
export function frozenVersion(version: ModelVersion): ModelVersion {
  return freezeDeeply({ ...copyByJson(version), storage: ModelStorageInfo.of(version.storage) });
}

function copyByJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function freezeDeeply<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) freezeDeeply(part);
  return value;
}
