import { httpFailures } from '../requests/http-failures.ts';
import { inconsistentAnswer } from '../requests/inconsistent-answer.ts';
import { RequestFailureError } from '../requests/request-failure.ts';
import type { CloudDriver, OpenedObject, OpenOptions, StoredObject, WrittenObject } from './cloud-driver.ts';

type Checked = Pick<CloudDriver, 'head' | 'open' | 'putWhole' | 'completeParts' | 'copy'>;

/**
 * A driver whose answers are held to what they can be and to what was asked: servers and proxies leave fields out, make
 * them up, and ignore conditions and versions. Listings are checked where their pages meet: see `ListingCheck`.
 */
export function checkAnswers(driver: CloudDriver): CloudDriver {
  const checked: Checked = {
    head: async (name, options) => {
      const object = await driver.head(name, options);
      return object === undefined ? undefined : checkState(object, options.version, driver);
    },
    open: async (name, options) => {
      const opened = await driver.open(name, options);
      return opened === undefined ? undefined : checkOpened(opened, options, driver);
    },
    putWhole: async (...given) => checkWritten(await driver.putWhole(...given), driver),
    completeParts: async (...given) => checkWritten(await driver.completeParts(...given), driver),
    copy: async (...given) => checkWritten(await driver.copy(...given), driver),
  };
  return new Proxy(driver, {
    get: (target, name) => {
      if (name in checked) return Reflect.get(checked, name);
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** @throws RequestFailureError when no object can be so. */
export function checkStored<T extends StoredObject | Omit<StoredObject, 'metadata'>>(
  object: T,
  { isEtag }: Pick<CloudDriver, 'isEtag'>,
): T {
  const { sizeBytes, etag, lastModifiedMs } = object;
  if (!isLength(sizeBytes)) throw inconsistentAnswer(`the server gives an object ${sizeBytes} bytes`);
  if (!isEtag(etag)) throw noEtag(etag);
  if (!Number.isFinite(lastModifiedMs))
    throw inconsistentAnswer('the server gives an object no readable time');
  return object;
}

function checkState(
  object: StoredObject,
  version: string | undefined,
  driver: Pick<CloudDriver, 'isEtag'>,
): StoredObject {
  if (version !== undefined && object.version !== version) {
    const answered = object.version ?? 'one without a version';
    throw inconsistentAnswer(`the server answered with ${answered} where version ${version} was asked for`);
  }
  return checkStored(object, driver);
}

function checkOpened(
  opened: OpenedObject,
  { ifMatch, ifNoneMatch, version }: OpenOptions,
  driver: Pick<CloudDriver, 'isEtag'>,
): OpenedObject {
  const { object, range } = opened;
  try {
    checkState(object, version, driver);
    const { offset, length } = range;
    if (!isLength(offset) || !isLength(length) || offset + length > object.sizeBytes) {
      const what = `the server announced bytes ${offset} to ${offset + length} of an object of ${object.sizeBytes}`;
      throw inconsistentAnswer(what);
    }
    if (ifMatch !== undefined && object.etag !== ifMatch)
      throw new RequestFailureError(httpFailures.otherState);
    if (object.etag === ifNoneMatch) throw new RequestFailureError(httpFailures.notModified);
    return opened;
  } catch (error) {
    opened.close();
    throw error;
  }
}

function checkWritten(written: WrittenObject, { isEtag }: Pick<CloudDriver, 'isEtag'>): WrittenObject {
  if (!isEtag(written.etag)) throw noEtag(written.etag);
  return written;
}

function noEtag(etag: string): RequestFailureError {
  return inconsistentAnswer(
    `the server gives an object ${etag === '' ? 'no etag' : `the etag ${JSON.stringify(etag)}`}`,
  );
}

function isLength(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
