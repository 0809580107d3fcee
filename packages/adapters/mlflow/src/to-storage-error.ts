import { type RequestFailure, RequestFailureError, httpFailures, retryAfterMs } from '@holdfast/adapter-kit';
import { MlflowAnswerError } from './mlflow-answer-error.ts';

const endpointHint =
  'Check the endpoint, its port and path, and whether there is a proxy or a sign-in page in between.';
const notMlflow: RequestFailure = {
  code: 'invalid-configuration',
  what: 'the answer is not one of an MLflow server that serves artifacts',
  hint: endpointHint,
};
const broken: RequestFailure = { ...httpFailures.broken, hint: 'Look into the log of the MLflow server.' };
const absent: RequestFailure = { code: 'not-found', what: 'there is no such artifact' };

const byStatus: Readonly<Record<number, RequestFailure>> = {
  401: {
    code: 'unauthenticated',
    what: 'the server does not know who asks',
    hint: 'Give the store a token, or a username and a password, and check them (MLFLOW_TRACKING_TOKEN, MLFLOW_TRACKING_USERNAME, MLFLOW_TRACKING_PASSWORD).',
  },
  403: {
    code: 'permission-denied',
    what: 'the credentials do not allow it',
    hint: 'Allow this user to read and change the artifacts of the experiment.',
  },
  408: httpFailures.tooSlow,
  411: notMlflow,
  413: {
    code: 'invalid-argument',
    what: 'the object is larger than the server, or a proxy in front of it, takes',
    hint: 'Raise the limit of the proxy for the size of bodies.',
  },
  416: { code: 'range-not-satisfiable', what: 'the artifact has no such range' },
  429: httpFailures.busy,
  501: {
    code: 'unsupported',
    what: 'the server does not know this request',
    hint: 'Holdfast is tested with MLflow 3.17.',
  },
  507: { code: 'quota-exceeded', what: 'there is no room left', hint: 'Make room on the server.' },
};

/** What an error of a request means; `undefined` when it is none. The only place where MLflow's errors are spelled. */
export function mlflowFailureOf(error: unknown): RequestFailure | undefined {
  if (error instanceof RequestFailureError) return error.failure;
  if (!(error instanceof MlflowAnswerError)) return undefined;
  return { ...translationOf(error), retryAfterMs: retryAfterMs(error.retryAfter) };
}

/** Whether no artifact is there: nothing at all, or a folder of artifacts. */
export function isMissingArtifact(error: unknown): boolean {
  return isFolder(error) || (error instanceof MlflowAnswerError && translationOf(error) === absent);
}

/** Whether a folder of artifacts is where an artifact was looked for. */
export function isFolder(error: unknown): boolean {
  return (
    error instanceof MlflowAnswerError &&
    error.status === 400 &&
    error.said !== undefined &&
    /refers to a directory/.test(error.said.message)
  );
}

/** Whether the server says no more than that something went wrong: what, has to be found out. */
export function isUnexplained(error: unknown): boolean {
  return error instanceof MlflowAnswerError && error.status === 500;
}

/** Whether there is nothing to a range. */
export function isEmptyRange(error: unknown): boolean {
  return error instanceof MlflowAnswerError && error.status === 416;
}

/** An answer that looks like success and is none of an MLflow server. */
export function notAnAnswerOfMlflow(missing: string): RequestFailureError {
  const what = `${notMlflow.what} (it has no ${missing})`;
  return failureError({ ...notMlflow, what, mayHaveHappened: true });
}

/** The server keeps its artifacts elsewhere and passes them on without saying what they are. */
export function artifactsKeptElsewhere(): RequestFailureError {
  return failureError({
    code: 'unsupported',
    what: 'the server returns neither etag nor length of an artifact, so it does not keep artifacts on its own disk',
    hint: 'Name the store behind it, such as its bucket, as a store of Holdfast.',
  });
}

/** A failure that was found out on this side. */
export function failureError(translation: RequestFailure, cause?: unknown): RequestFailureError {
  return new RequestFailureError(translation, cause === undefined ? {} : { cause });
}

function translationOf({ status, said, text }: MlflowAnswerError): RequestFailure {
  if (said?.errorCode === 'RESOURCE_DOES_NOT_EXIST') return absent;
  if (status >= 300 && status < 400) {
    return { ...notMlflow, what: 'the endpoint sends on to another address', hint: endpointHint };
  }
  if (status === 403 && /DNS rebinding|Invalid Host/i.test(text)) {
    return {
      code: 'invalid-configuration',
      what: 'the server does not take requests under this name',
      hint: 'Start the MLflow server with --allowed-hosts naming the host of the endpoint.',
    };
  }
  if (status === 503 && said !== undefined && /serving is (disabled|not configured)/.test(said.message)) {
    return {
      code: 'invalid-configuration',
      what: 'the server does not serve artifacts',
      hint: 'Start the MLflow server with --serve-artifacts and --artifacts-destination.',
    };
  }
  const known = byStatus[status];
  if (known !== undefined) return known;
  if (status >= 500) return broken;
  if (said === undefined || status === 404 || status === 405) return notMlflow;
  const code = said.errorCode === 'INVALID_PARAMETER_VALUE' ? 'invalid-argument' : 'unexpected';
  return { code, what: `the server answered ${status}: ${said.message}` };
}
