import type { RequestFailure } from './request-failure.ts';

type Reason = Pick<RequestFailure, 'what' | 'hint'>;

const unreached: Readonly<Record<string, Reason>> = {
  ECONNREFUSED: {
    what: 'nothing listens at the endpoint',
    hint: 'Check the endpoint and its port, and whether the server runs.',
  },
  ENOTFOUND: {
    what: "the endpoint's name is not known",
    hint: 'Check the endpoint, the bucket and the DNS.',
  },
  EAI_AGAIN: { what: "the endpoint's name could not be looked up", hint: 'Check the network and the DNS.' },
  EHOSTUNREACH: { what: 'no way leads to the endpoint', hint: 'Check the network, a VPN or a firewall.' },
  ENETUNREACH: { what: 'there is no network', hint: 'Check the network.' },
};

const broken: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_HTTP2_STREAM_ERROR',
  'ERR_HTTP2_GOAWAY_SESSION',
  'UND_ERR_SOCKET',
]);

const tooSlow: ReadonlySet<string> = new Set([
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

const certificate = /^(?:CERT_|ERR_TLS_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_SSL_|HOSTNAME_)|^EPROTO$/;

/**
 * What an error of Node's own network means, whatever client passed it on; `undefined` when it is none.
 * Causes and collected errors are looked through.
 */
export function networkFailure(error: unknown): RequestFailure | undefined {
  for (const code of codesOf(error)) {
    const failure = failureOfCode(code);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

function failureOfCode(code: string): RequestFailure | undefined {
  const reason = unreached[code];
  if (reason !== undefined) {
    return { code: 'unavailable', ...reason, isTemporary: true, mayHaveHappened: false };
  }
  if (broken.has(code)) {
    return { code: 'unavailable', what: 'the connection broke', isTemporary: true, mayHaveHappened: true };
  }
  if (tooSlow.has(code)) {
    const hint = 'Check the network, or allow more time with the timeouts of the store.';
    return {
      code: 'timeout',
      what: 'there was no answer in time',
      hint,
      isTemporary: true,
      mayHaveHappened: true,
    };
  }
  if (!certificate.test(code)) return undefined;
  return {
    code: 'invalid-configuration',
    what: `the encrypted connection was refused (${code})`,
    hint: 'Check that the endpoint speaks https, its name is in its certificate, and NODE_EXTRA_CA_CERTS names its authority.',
    isTemporary: false,
    mayHaveHappened: false,
  };
}

function codesOf(error: unknown, depth = 0): readonly string[] {
  if (typeof error !== 'object' || error === null || depth > 5) return [];
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  const own = typeof code === 'string' ? [code] : [];
  const collected = Array.isArray(errors) ? errors.flatMap((one) => codesOf(one, depth + 1)) : [];
  return [...own, ...collected, ...codesOf(cause, depth + 1)];
}
