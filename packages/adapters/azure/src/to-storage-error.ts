import {
  type RequestFailure,
  RequestFailureError,
  httpFailures,
  retryAfterMs,
  withServerWords,
} from '@holdfast/adapter-kit';
import { ConnectTimeoutError } from './connect-timeout-error.ts';

const { notModified, otherState, noSuchRange, tooSlow, busy, broken, otherBytes } = httpFailures;
const wrongCredentials: RequestFailure = {
  code: 'unauthenticated',
  what: 'the credentials are not accepted',
  hint: 'Check the account, its key, the connection string or the shared access signature and its expiry, and the clock of this machine.',
};
const forbidden: RequestFailure = {
  code: 'permission-denied',
  what: 'the credentials do not allow it',
  hint: 'Allow reading, writing, deleting and listing: with the role “Storage Blob Data Contributor”, or rcwdl in a shared access signature of the container. Check the firewall of the account, too.',
};
const noContainer: RequestFailure = {
  code: 'not-found',
  what: 'the container does not exist',
  hint: 'Check the name of the container and the account, or make the container.',
};
const noObject: RequestFailure = { code: 'not-found', what: 'there is no such object' };
const taken: RequestFailure = { code: 'already-exists', what: 'the object already exists' };
const leased: RequestFailure = {
  code: 'locked',
  what: 'another client holds a lease of the object',
  hint: 'Wait until the lease ends, or break it.',
};
const protectedObject: RequestFailure = {
  code: 'permission-denied',
  what: 'a policy or a legal hold keeps the object as it is',
  hint: 'Wait until the policy lapses, or have the hold cleared.',
};
const cut: RequestFailure = { ...broken, what: 'the connection broke' };
const archived: RequestFailure = {
  code: 'unavailable',
  what: 'the object is archived',
  hint: 'Restore it to an online tier before you read it.',
};
const refused: RequestFailure = { code: 'invalid-argument', what: 'the server refused the request' };
const tooLarge: RequestFailure = { code: 'invalid-argument', what: 'it is larger than the server takes' };
const lostBlocks: RequestFailure = {
  code: 'unavailable',
  what: 'another write to the same key ended meanwhile, and Azure dropped the parts of this one',
  hint: 'Try again; write one key from one place at a time where objects are large.',
};
const strangeBlocks: RequestFailure = {
  code: 'unavailable',
  what: 'another program left parts of an unfinished upload there, or the existing object is not a block blob',
  hint: 'Write a small object there to clear them, delete the existing object, or wait a week: then Azure drops them.',
};
const unknownHere: RequestFailure = {
  code: 'unsupported',
  what: 'the server does not know this request',
  hint: 'Check that the endpoint is one of Azure Blob Storage.',
};
const notAzure: RequestFailure = {
  code: 'invalid-configuration',
  what: 'the answer is not one of Azure Blob Storage',
  hint: 'Check the endpoint, its port, and whether there is a proxy or a sign-in page in between.',
};
const unreachedInTime: RequestFailure = {
  code: 'timeout',
  what: 'no connection was made in time',
  hint: 'Check the network and the endpoint, or allow more time with timeouts.connectMs.',
  isTemporary: true,
};

/** The codes of Azure: https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes */
const byCode: Readonly<Record<string, RequestFailure>> = {
  ContainerNotFound: noContainer,
  ContainerBeingDeleted: { ...noContainer, what: 'the container is being deleted' },
  ContainerDisabled: { ...forbidden, what: 'the container is disabled' },
  ResourceNotFound: { ...noContainer, what: 'the account or the container does not exist, or is not public' },
  InvalidResourceName: {
    code: 'invalid-configuration',
    what: 'the container cannot be named so',
    hint: 'A container has 3 to 63 lower-case letters, digits and hyphens.',
  },
  BlobNotFound: noObject,
  CannotVerifyCopySource: noObject,
  BlobAlreadyExists: taken,
  ConditionNotMet: otherState,
  TargetConditionNotMet: otherState,
  SourceConditionNotMet: { ...otherState, what: 'the source is in another state' },
  InvalidRange: noSuchRange,
  AuthenticationFailed: wrongCredentials,
  InvalidAuthenticationInfo: wrongCredentials,
  NoAuthenticationInformation: wrongCredentials,
  AuthorizationFailure: forbidden,
  AuthorizationPermissionMismatch: forbidden,
  AuthorizationProtocolMismatch: forbidden,
  AuthorizationResourceTypeMismatch: forbidden,
  AuthorizationServiceMismatch: forbidden,
  AuthorizationSourceIPMismatch: forbidden,
  InsufficientAccountPermissions: forbidden,
  AccountIsDisabled: { ...forbidden, what: 'the account is disabled' },
  KeyBasedAuthenticationNotPermitted: {
    ...forbidden,
    what: 'the account takes no keys',
    hint: 'Use a token: give the store a credential of @azure/identity.',
  },
  PublicAccessNotPermitted: { ...forbidden, what: 'the account is not open to the public' },
  UnauthorizedBlobOverwrite: forbidden,
  LeaseIdMissing: leased,
  LeaseIdMismatchWithBlobOperation: leased,
  LeaseLost: leased,
  SnapshotsPresent: {
    code: 'locked',
    what: 'the object has snapshots',
    hint: 'Delete its snapshots first.',
  },
  BlobImmutableDueToPolicy: protectedObject,
  BlobImmutableDueToLegalHold: protectedObject,
  BlobArchived: archived,
  BlobBeingRehydrated: archived,
  PendingCopyOperation: {
    code: 'locked',
    what: 'a copy onto the object is under way',
    hint: 'Try again later.',
  },
  InvalidBlobType: {
    code: 'invalid-argument',
    what: 'the existing object is not a block blob',
    hint: 'Delete it first, or use another key.',
  },
  InvalidBlockList: lostBlocks,
  InvalidBlobOrBlock: strangeBlocks,
  BlockCountExceedsLimit: strangeBlocks,
  RequestBodyTooLarge: tooLarge,
  BlockListTooLong: tooLarge,
  MetadataTooLarge: { code: 'invalid-argument', what: 'the metadata is larger than the server takes' },
  InvalidMetadata: { code: 'invalid-argument', what: 'the server cannot keep the metadata' },
  EmptyMetadataKey: { code: 'invalid-argument', what: 'the server cannot keep the metadata' },
  InvalidUri: { code: 'invalid-key', what: 'the server cannot spell the key' },
  InvalidInput: refused,
  InvalidHeaderValue: refused,
  InvalidQueryParameterValue: refused,
  Md5Mismatch: otherBytes,
  Crc64Mismatch: otherBytes,
  InvalidMd5: otherBytes,
  ServerBusy: busy,
  OperationTimedOut: { ...broken, code: 'timeout', what: 'the server took too long' },
  InternalError: broken,
  APINotImplemented: unknownHere,
  UnsupportedHttpVerb: unknownHere,
};

const byStatus: Readonly<Record<number, RequestFailure>> = {
  401: wrongCredentials,
  403: forbidden,
  405: unknownHere,
  408: tooSlow,
  412: otherState,
  416: noSuchRange,
  429: busy,
  501: unknownHere,
};

/** The part of the client's error that is looked at. */
interface ServiceError extends Error {
  readonly code?: string;
  readonly statusCode?: number;
  readonly details?: { readonly errorCode?: string };
  readonly response?: { readonly headers?: { get(name: string): string | undefined } };
}

/** What an error of the client means; `undefined` when it is none. The only place where codes of Azure are spelled. */
export function azureFailureOf(error: unknown): RequestFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  const known: ServiceError = error;
  const translation = localTranslation(known) ?? remoteTranslation(known);
  return translation === undefined ? undefined : failure(translation, known);
}

/** Whether a condition did not hold. */
export function isPreconditionFailure(error: unknown): boolean {
  const code = azureFailureOf(error)?.code;
  return code === 'precondition-failed' || code === 'already-exists';
}

/** Whether an object, or a version of it, is not there; a missing container is something else. */
export function isMissingObject(error: unknown): boolean {
  return error instanceof Error && codeOf(error) === 'BlobNotFound';
}

/** Whether the parts of an upload are not there any more. */
export function isMissingBlocks(error: unknown): boolean {
  return error instanceof Error && codeOf(error) === 'InvalidBlockList';
}

/** An answer that looks like success and is not one of Azure. */
export function notAnAnswerOfAzure(missing: string): RequestFailureError {
  return new RequestFailureError({
    ...notAzure,
    what: `${notAzure.what} (it has no ${missing})`,
    mayHaveHappened: true,
  });
}

/** The server has other bytes than were sent. */
export function bytesChanged(): RequestFailureError {
  return new RequestFailureError(otherBytes);
}

/** What goes wrong on this side. */
function localTranslation({ name, code, message }: ServiceError): RequestFailure | undefined {
  if (code === ConnectTimeoutError.code) return unreachedInTime;
  if (name === 'AbortError' || message.startsWith('Data corruption failure')) return cut;
  if (code === 'PARSE_ERROR' || /valid (?:content length|etag) header/.test(message)) return notAzure;
  return undefined;
}

function remoteTranslation(error: ServiceError): RequestFailure | undefined {
  const status = error.statusCode;
  if (status === undefined) return undefined;
  if (status === 304) return notModified;
  const code = codeOf(error);
  // Azurite, and some proxies of Azure, tell a wrong key by the code of a missing permission.
  if (code === 'AuthorizationFailure' && /failed to authenticate/i.test(error.message))
    return wrongCredentials;
  const translation = code === undefined ? undefined : byCode[code];
  if (translation !== undefined)
    return [refused, unknownHere, broken].includes(translation)
      ? withServerWords(translation, error.message)
      : translation;
  if (status >= 500 && byStatus[status] === undefined) return broken;
  if (!isOfAzure(error)) return byStatus[status]?.isTemporary === true ? byStatus[status] : notAzure;
  return byStatus[status] ?? unexpected(error, status);
}

/** The header tells it of answers without a body, too. */
function codeOf({ details, code, response }: ServiceError): string | undefined {
  return details?.errorCode ?? response?.headers?.get('x-ms-error-code') ?? code;
}

/** Pages of proxies, and servers that speak something else, send no id of a request. */
function isOfAzure({ response }: ServiceError): boolean {
  return response?.headers?.get('x-ms-request-id') !== undefined;
}

function failure(translation: RequestFailure, { response }: ServiceError): RequestFailure {
  return {
    ...translation,
    retryAfterMs: retryAfterMs(response?.headers?.get('retry-after')),
  };
}

function unexpected(error: ServiceError, status: number): RequestFailure {
  const [reason = ''] = error.message.split('\n');
  return { code: 'unexpected', what: `the server answered ${status} ${codeOf(error) ?? ''}: ${reason}` };
}
