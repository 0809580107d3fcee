import {
  type RequestFailure,
  RequestFailureError,
  httpFailures,
  retryAfterMs,
  withServerWords,
} from '@holdfast/adapter-kit';

const { notModified, otherState, noSuchRange, tooSlow, busy, broken, otherBytes } = httpFailures;
const credentialsHint =
  'Check which credentials are used: the store’s own, else those of AWS (environment, profile, instance).';
const wrongKeys: RequestFailure = {
  code: 'unauthenticated',
  what: 'the credentials are not known',
  hint: credentialsHint,
};
const expired: RequestFailure = {
  code: 'unauthenticated',
  what: 'the credentials have expired',
  hint: 'Sign in again, or renew the session token.',
};
const forbidden: RequestFailure = {
  code: 'permission-denied',
  what: 'the credentials do not allow it',
  hint: 'Allow s3:GetObject, s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload on the objects, and s3:ListBucket on the bucket.',
};
const elsewhere: RequestFailure = {
  code: 'invalid-configuration',
  what: 'the bucket is in another region',
  hint: 'Set the region of the store to that of the bucket.',
};
const full: RequestFailure = {
  code: 'quota-exceeded',
  what: 'there is no room left',
  hint: 'Raise the quota, or delete what is not needed.',
};
const keptAsFiles: RequestFailure = {
  code: 'invalid-key',
  what: 'the server keeps objects as files, and cannot keep one beside others that begin with its key and "/"',
};
const unknownHere: RequestFailure = {
  code: 'unsupported',
  what: 'the server does not know this request',
  hint: 'Check that the endpoint is one of S3 and takes what the store needs.',
};
const notS3: RequestFailure = {
  code: 'invalid-configuration',
  what: 'the answer is not one of S3',
  hint: 'Check the endpoint, its port, and whether there is a proxy or a sign-in page in between.',
};

/** The codes of S3: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const byCode: Readonly<Record<string, RequestFailure>> = {
  NoSuchBucket: {
    code: 'not-found',
    what: 'the bucket does not exist',
    hint: 'Check the name of the bucket and the endpoint, or make the bucket.',
  },
  NoSuchKey: { code: 'not-found', what: 'there is no such object' },
  NoSuchVersion: { code: 'not-found', what: 'there is no such version' },
  NoSuchUpload: { code: 'unavailable', what: 'the upload is gone', hint: 'Try again.' },
  NotFound: { code: 'not-found', what: 'there is no such object' },
  PreconditionFailed: otherState,
  ConditionalRequestConflict: {
    code: 'unavailable',
    what: 'another request to the object was under way',
    isTemporary: true,
  },
  OperationAborted: { code: 'unavailable', what: 'another request was under way', isTemporary: true },
  NotModified: notModified,
  InvalidRange: noSuchRange,
  AccessDenied: forbidden,
  AccountProblem: forbidden,
  AllAccessDisabled: forbidden,
  InvalidAccessKeyId: wrongKeys,
  InvalidToken: wrongKeys,
  InvalidClientTokenId: wrongKeys,
  UnrecognizedClientException: wrongKeys,
  SignatureDoesNotMatch: {
    code: 'unauthenticated',
    what: 'the signature is wrong',
    hint: 'Check the secret access key and the region, and whether a proxy changes headers.',
  },
  ExpiredToken: expired,
  ExpiredTokenException: expired,
  TokenRefreshRequired: expired,
  CredentialsProviderError: {
    code: 'unauthenticated',
    what: 'there are no credentials',
    hint: credentialsHint,
  },
  TokenProviderError: expired,
  AuthorizationHeaderMalformed: elsewhere,
  PermanentRedirect: elsewhere,
  TemporaryRedirect: elsewhere,
  Redirect: elsewhere,
  IllegalLocationConstraintException: elsewhere,
  RequestTimeTooSkewed: {
    code: 'unauthenticated',
    what: "this machine's clock differs from the server's by too much",
    hint: 'Set the clock of this machine.',
    isTemporary: true,
  },
  RequestTimeout: { code: 'timeout', what: 'the bytes came too slowly', isTemporary: true },
  SlowDown: busy,
  Throttling: busy,
  ThrottlingException: busy,
  RequestLimitExceeded: busy,
  TooManyRequests: busy,
  ServiceUnavailable: broken,
  InternalError: broken,
  InternalFailure: broken,
  EntityTooLarge: { code: 'invalid-argument', what: 'the object is larger than the server takes' },
  KeyTooLongError: { code: 'invalid-key', what: 'the key is longer than the server takes' },
  KeyTooLong: { code: 'invalid-key', what: 'the key is longer than the server takes' },
  InvalidURI: { code: 'invalid-key', what: 'the server cannot spell the key' },
  ObjectParentIsFile: keptAsFiles,
  ExistingObjectIsDirectory: keptAsFiles,
  MetadataTooLarge: { code: 'invalid-argument', what: 'the metadata is larger than the server takes' },
  InvalidArgument: { code: 'invalid-argument', what: 'the server refused an argument' },
  InvalidRequest: { code: 'invalid-argument', what: 'the server refused the request' },
  InvalidBucketName: {
    code: 'invalid-configuration',
    what: 'the bucket cannot be named so',
    hint: 'A bucket has 3 to 63 lower-case letters, digits, hyphens and dots.',
  },
  QuotaExceeded: full,
  InsufficientStorage: full,
  XMinioStorageFull: full,
  BadDigest: otherBytes,
  InvalidDigest: otherBytes,
  XAmzContentSHA256Mismatch: otherBytes,
  XAmzContentChecksumMismatch: otherBytes,
  MethodNotAllowed: unknownHere,
  NotImplemented: unknownHere,
  InvalidObjectState: {
    code: 'unavailable',
    what: 'the object is archived',
    hint: 'Restore it from its storage class before you read it.',
  },
};

const byStatus: Readonly<Record<number, RequestFailure>> = {
  301: elsewhere,
  304: notModified,
  307: elsewhere,
  401: wrongKeys,
  403: forbidden,
  404: { code: 'not-found', what: 'there is no such object' },
  405: unknownHere,
  408: tooSlow,
  412: otherState,
  416: noSuchRange,
  429: busy,
  501: unknownHere,
  507: full,
};

/** Failures that say no more than that: the server's own words are added. */
const wordless: ReadonlySet<RequestFailure['code']> = new Set([
  'invalid-argument',
  'unsupported',
  'unavailable',
]);

/** The part of an SDK's error that is looked at. */
interface ServiceError {
  readonly name: string;
  readonly message: string;
  readonly Code?: string;
  readonly Region?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>>; readonly statusCode?: number };
}

/** What an error of the SDK means; `undefined` when it is none. The only place where codes of S3 are spelled. */
export function s3FailureOf(error: unknown): RequestFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  const known = error as Error & ServiceError;
  const status = statusOf(known);
  const local = localTranslation(known);
  if (local !== undefined) return failure(local, known);
  if (status === undefined)
    return known.name in byCode ? failure(byCode[known.name] ?? broken, known) : undefined;
  const translation = byCode[known.name] ?? byCode[known.Code ?? ''];
  if (translation !== undefined) {
    const isExplained = !wordless.has(translation.code);
    return failure(isExplained ? translation : withServerWords(translation, known.message), known);
  }
  if (isNotXml(known) || (status === 400 && known.name === 'Unknown'))
    return failure(status >= 500 ? broken : notS3, known);
  if (status >= 500 && byStatus[status] === undefined) return failure(broken, known);
  return failure(byStatus[status] ?? unexpected(known, status), known);
}

/** Whether a condition did not hold. */
export function isPreconditionFailure(error: unknown): boolean {
  return s3FailureOf(error)?.code === 'precondition-failed';
}

/** Whether an object, or a version of it, is not there; a missing bucket is something else. */
export function isMissingObject(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, Code }: Error & ServiceError = error;
  if (name === 'NoSuchBucket' || Code === 'NoSuchBucket') return false;
  return s3FailureOf(error)?.code === 'not-found' && (name in byCode || !isNotXml(error));
}

/** Whether a request was refused without a word, as those are whose answer has no body. */
export function isUnexplained(error: unknown): boolean {
  if (!(error instanceof Error) || error.name in byCode) return false;
  const status = statusOf(error);
  return status === 400 || status === 403;
}

/** Whether a server may have refused a request for a checksum that it does not know. */
export function mayRefuseChecksum(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const status = statusOf(error);
  return status === 501 || (status === 400 && /x-amz-(?:sdk-)?checksum/i.test(error.message));
}

/** The server has made an object of fewer or other parts than it was sent; it was removed. */
export function lostParts(made: number, sent: number): RequestFailureError {
  return new RequestFailureError({
    ...otherBytes,
    what: `the server made an object of ${made} of the ${sent} parts that it was sent`,
  });
}

/** Whether an upload is not there any more. */
export function isMissingUpload(error: unknown): boolean {
  return error instanceof Error && error.name === 'NoSuchUpload';
}

/** An answer that looks like success and is not one of S3. */
export function notAnAnswerOfS3(missing: string): RequestFailureError {
  return new RequestFailureError({
    ...notS3,
    what: `${notS3.what} (it has no ${missing})`,
    mayHaveHappened: true,
  });
}

/** What S3 says of one of many. */
export function failureOfCode(code: string, message: string): RequestFailure {
  return (
    byCode[code] ?? withServerWords({ code: 'unexpected', what: `the server answered ${code}` }, message)
  );
}

function localTranslation({ name, message }: ServiceError): RequestFailure | undefined {
  if (name === 'TimeoutError') {
    const isConnecting = /establish a connection/.test(message);
    const what = isConnecting ? 'no connection was made in time' : 'there was no answer in time';
    return { code: 'timeout', what, isTemporary: true, ...(isConnecting ? {} : { mayHaveHappened: true }) };
  }
  if (message.startsWith('Region is missing')) {
    return {
      code: 'invalid-configuration',
      what: 'no region is known',
      hint: 'Set the region of the store, or AWS_REGION.',
    };
  }
  return undefined;
}

function failure(translation: RequestFailure, error: ServiceError): RequestFailure {
  const headers = error.$response?.headers ?? {};
  const region = headers['x-amz-bucket-region'] ?? error.Region;
  const isElsewhere = translation === elsewhere && region !== undefined;
  return {
    ...translation,
    ...(isElsewhere ? { hint: `Set the region of the store to ${region}.` } : {}),
    retryAfterMs: retryAfterMs(headers['retry-after']),
  };
}

function statusOf({ $metadata, $response }: ServiceError): number | undefined {
  return $metadata?.httpStatusCode ?? $response?.statusCode;
}

/** Pages of proxies and of servers that speak something else. */
function isNotXml(error: ServiceError): boolean {
  const type = error.$response?.headers?.['content-type'] ?? '';
  return (
    /html|json/.test(type) ||
    /Deserialization error|is not valid XML|Unexpected token|char '/.test(error.message)
  );
}

function unexpected({ name, message }: ServiceError, status: number): RequestFailure {
  return { code: 'unexpected', what: `the server answered ${status} ${name}: ${message}` };
}
