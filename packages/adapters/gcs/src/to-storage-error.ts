import {
  type RequestFailure,
  RequestFailureError,
  httpFailures,
  networkFailure,
  retryAfterMs,
} from '@holdfast/adapter-kit';
import { GcsAnswerError } from './gcs-answer-error.ts';

const { notModified, otherState, noSuchRange, tooSlow, busy, broken, otherBytes } = httpFailures;
const unknownCaller: RequestFailure = {
  code: 'unauthenticated',
  what: 'the credentials are missing, wrong or expired',
  hint: 'Check the credentials of the store; where none are named, GOOGLE_APPLICATION_CREDENTIALS or `gcloud auth application-default login` give them.',
};
const forbidden: RequestFailure = {
  code: 'permission-denied',
  what: 'the credentials do not allow it',
  hint: 'Grant roles/storage.objectUser on the bucket; for reading alone, roles/storage.objectViewer.',
};
const kept: RequestFailure = {
  code: 'permission-denied',
  what: 'a retention policy or a hold keeps the object as it is',
  hint: 'Wait until the retention ends, or release the hold.',
};
const switchedOff: RequestFailure = {
  code: 'permission-denied',
  what: 'Cloud Storage or its billing is switched off in the project',
  hint: 'Enable the Cloud Storage API and billing in the project of the bucket.',
};
const full: RequestFailure = {
  code: 'quota-exceeded',
  what: 'a quota is used up',
  hint: 'Raise the quota, or delete what is not needed.',
};
const noBucket: RequestFailure = {
  code: 'not-found',
  what: 'the bucket does not exist',
  hint: 'Check the name of the bucket and the endpoint, or make the bucket. A regional endpoint serves only buckets of its region: a dual-region or multi-region one needs the endpoint to be left out.',
};
const noObject: RequestFailure = { code: 'not-found', what: 'there is no such object' };
const signsNothing: RequestFailure = {
  code: 'unsupported',
  what: 'the credentials cannot sign',
  hint: 'Sign with the key of a service account, or with credentials that may use iam.serviceAccounts.signBlob.',
};
const notGcs: RequestFailure = {
  code: 'invalid-configuration',
  what: 'the answer is not one of Google Cloud Storage',
  hint: 'Check the endpoint, its port, and whether there is a proxy or a sign-in page in between.',
};
const lostUpload: RequestFailure = { code: 'unavailable', what: 'the upload is gone', hint: 'Try again.' };

/** Reasons of the JSON API and codes of the XML API: https://docs.cloud.google.com/storage/docs/json_api/v1/status-codes */
const byReason: Readonly<Record<string, RequestFailure>> = {
  authError: unknownCaller,
  AuthenticationRequired: unknownCaller,
  InvalidAccessKeyId: unknownCaller,
  rateLimitExceeded: busy,
  userRateLimitExceeded: busy,
  SlowDown: busy,
  quotaExceeded: full,
  retentionPolicyNotMet: kept,
  objectUnderActiveHold: kept,
  retentionPolicyErrors: kept,
  accessNotConfigured: switchedOff,
  accountDisabled: switchedOff,
  accountClosed: switchedOff,
  NoSuchBucket: noBucket,
  NoSuchKey: noObject,
  userProjectMissing: {
    code: 'invalid-configuration',
    what: 'the bucket makes its readers pay',
    hint: 'Set the quota project of the credentials: `gcloud auth application-default set-quota-project`.',
  },
  UserProjectMissing: {
    code: 'invalid-configuration',
    what: 'the bucket makes its readers pay',
    hint: 'Set the quota project of the credentials: `gcloud auth application-default set-quota-project`.',
  },
  conflict: { code: 'unavailable', what: 'another request to the object was under way', isTemporary: true },
  uploadTooLarge: { code: 'invalid-argument', what: 'the object is larger than the server takes' },
};

const byStatus: Readonly<Record<number, RequestFailure>> = {
  304: notModified,
  401: unknownCaller,
  403: forbidden,
  404: noObject,
  408: tooSlow,
  409: { code: 'unavailable', what: 'another request was under way', isTemporary: true },
  410: lostUpload,
  412: otherState,
  413: { code: 'invalid-argument', what: 'the object is larger than the server takes' },
  416: noSuchRange,
  429: busy,
};

/** What an error of a request means; `undefined` when it is none. The only place where Google's errors are spelled. */
export function gcsFailureOf(error: unknown): RequestFailure | undefined {
  if (error instanceof GcsAnswerError) return failureOfAnswer(error);
  if (error instanceof Error && codeOf(error) === connectionTimeout) {
    return { code: 'timeout', what: 'no connection was made in time', isTemporary: true };
  }
  if (error instanceof Error && error.name === 'SigningError') {
    return signsNothing;
  }
  return undefined;
}

/** Whether a condition did not hold. */
export function isPreconditionFailure(error: unknown): boolean {
  return error instanceof GcsAnswerError && error.status === 412;
}

/** Whether an object may not be there: `sure` when the server says so, `unsure` when it may be the bucket. */
export function missingObject(error: unknown): 'sure' | 'unsure' | undefined {
  if (!(error instanceof GcsAnswerError) || error.status !== 404 || error.isForeign) return undefined;
  if (translationOf(error) === noBucket) return undefined;
  return error.reasons.includes('NoSuchKey') || /^no such object/i.test(error.message) ? 'sure' : 'unsure';
}

/** Whether an upload is not there any more, or ended because it was asked to. */
export function isEndedUpload(error: unknown): boolean {
  return error instanceof GcsAnswerError && [404, 410, 499].includes(error.status);
}

/** The bucket is not there. */
export function bucketIsMissing(cause: unknown): RequestFailureError {
  return new RequestFailureError(noBucket, { cause });
}

/** The server does not know an upload any more. */
export function uploadIsLost(cause?: unknown): RequestFailureError {
  return new RequestFailureError(lostUpload, { cause });
}

/** The server has taken nothing of what was sent. */
export function nothingTaken(): RequestFailureError {
  return new RequestFailureError({
    code: 'unavailable',
    what: 'the server took nothing of what was sent',
    isTemporary: true,
  });
}

/** The server has other bytes than were sent. */
export function bytesChanged(): RequestFailureError {
  return new RequestFailureError(otherBytes);
}

/** The server does not say what it has of what was sent. */
export function bytesUnproven(): RequestFailureError {
  return new RequestFailureError({
    ...notGcs,
    what: `${notGcs.what}: it has no checksum of what was stored, so that the object was removed again`,
  });
}

/** An object in another state than was asked for, or in the one that was not. */
export function stateRefused(code: 'precondition-failed' | 'not-modified'): RequestFailureError {
  return new RequestFailureError(code === 'not-modified' ? notModified : otherState);
}

/** Something is where nothing may be. */
export function alreadyThere(cause: unknown): RequestFailureError {
  return new RequestFailureError(
    { code: 'already-exists', what: 'the object already exists' },
    {
      cause,
    },
  );
}

/** An answer that looks like success and is not one of Google Cloud Storage. */
export function notAnAnswerOfGcs(missing: string): RequestFailureError {
  const what = `${notGcs.what} (it has no ${missing})`;
  return new RequestFailureError({ ...notGcs, what, mayHaveHappened: true });
}

/** A content type that no header holds. */
export function unspeakableContentType(contentType: string): RequestFailureError {
  const what = `the content type ${JSON.stringify(contentType)} is more than printable ASCII`;
  return new RequestFailureError({ code: 'invalid-argument', what });
}

/** A delimiter that cannot be told from the guard before names. */
export function unfoldableDelimiter(): RequestFailureError {
  const what = 'a delimiter that begins with "%" folds nothing in a store without a prefix';
  const hint = 'Give the store a prefix, or use another delimiter.';
  return new RequestFailureError({ code: 'unsupported', what, hint });
}

/** Google's library has found no credentials, or could not use them. */
export function withoutCredentials(cause: unknown): RequestFailureError {
  const {
    code,
    what,
    hint = unknownCaller.hint,
    isTemporary,
  } = networkFailure(cause) ?? credentialFailure(cause);
  return new RequestFailureError({ code, what, hint, isTemporary, mayHaveHappened: false }, { cause });
}

/** The environment does not hold what is to hold the key. */
export function missingVariable(name: string): RequestFailureError {
  const what = `the environment variable ${name} is not set`;
  const hint = `Set ${name} to the JSON of a key file, or name another variable in the credentials of the store.`;
  return new RequestFailureError({ code: 'unauthenticated', what, hint });
}

/** What is to be the JSON of a key is none. */
export function unreadableKey(name: string): RequestFailureError {
  const what = `${name} does not hold the JSON of a key file`;
  const hint = 'Give the whole content of a key file as Google made it.';
  return new RequestFailureError({ code: 'unauthenticated', what, hint });
}

/** Whoever is signed in is no service account. */
export function cannotSign(): RequestFailureError {
  return new RequestFailureError(signsNothing);
}

/** A key of a type that is not taken. */
export function unknownKey(name: string): RequestFailureError {
  const what = `${name} holds no key of a service account, an external account or a user`;
  const hint =
    'For other types, let GOOGLE_APPLICATION_CREDENTIALS name the file, and the store "default" credentials.';
  return new RequestFailureError({ code: 'unauthenticated', what, hint });
}

/** The file that is to hold the key cannot be read. */
export function unreadableKeyFile(path: string, cause: unknown): RequestFailureError {
  const what = `the key file ${path} cannot be read`;
  const hint = 'Check the path of the key file, and who may read it.';
  return new RequestFailureError({ code: 'unauthenticated', what, hint }, { cause });
}

const connectionTimeout = 'GCS_CONNECT_TIMEOUT';

/** A connection that did not stand in time. */
export function notConnected(limitMs: number): Error {
  return Object.assign(new Error(`no connection was made within ${limitMs} ms`), { code: connectionTimeout });
}

function failureOfAnswer(error: GcsAnswerError): RequestFailure {
  return { ...translationOf(error), retryAfterMs: retryAfterMs(error.retryAfter) };
}

function translationOf(error: GcsAnswerError): RequestFailure {
  const { status, reasons, message } = error;
  const known = reasons.map((reason) => byReason[reason]).find((translation) => translation !== undefined);
  if (known !== undefined) return known;
  if (status >= 500) return status === 501 ? unexpected(error) : broken;
  if (error.isForeign || (status >= 300 && status !== 304 && status < 400)) return notGcs;
  if (status === 404 && /bucket/i.test(message) && !/^no such object/i.test(message)) return noBucket;
  if (status === 400 && /crc32c|md5/i.test(message)) return otherBytes;
  if (status === 400) return { code: 'invalid-argument', what: `the server refused the request: ${message}` };
  return byStatus[status] ?? unexpected(error);
}

function unexpected({ status, message }: GcsAnswerError): RequestFailure {
  return { code: 'unexpected', what: `the server answered ${status}: ${message}` };
}

function credentialFailure(cause: unknown): RequestFailure {
  const message = cause instanceof Error ? cause.message : String(cause);
  // Google's library stumbles over a page, and quotes it.
  if (/<(?:!doctype|html)/i.test(message))
    return { ...notGcs, what: 'a page came where a token was asked for' };
  return { ...unknownCaller, what: `Google's library has no credentials: ${message}` };
}

function codeOf(error: Error): unknown {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown };
  return code ?? (cause instanceof Error ? codeOf(cause) : undefined);
}
