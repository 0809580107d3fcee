import {
  type RequestFailure,
  RequestFailureError,
  networkFailure,
  storageErrorOf,
} from '@holdfast/adapter-kit';
import { type OperationContext, StorageError } from '@holdfast/ports';

const busy: RequestFailure = {
  code: 'unavailable',
  what: 'the server runs something that takes long',
  hint: 'Look at SLOWLOG for what delays it.',
  isTemporary: true,
};
const notRedis: RequestFailure = {
  code: 'invalid-configuration',
  what: 'the answer is not one of Redis',
  hint: 'Check the url, its port, and whether it is to begin with rediss://.',
};
const noSocket: RequestFailure = {
  code: 'unavailable',
  what: 'the socket does not exist',
  hint: 'Check the path of the url, and whether the server runs.',
  isTemporary: true,
};
const moved: RequestFailure = {
  code: 'unavailable',
  what: 'the cluster moves the store to another node',
  hint: 'Try again when the move has ended.',
  isTemporary: true,
};

/** The codes that errors of Redis begin with: https://redis.io/docs/latest/develop/reference/protocol-spec/ */
const byCode: Readonly<Record<string, RequestFailure>> = {
  NOAUTH: {
    code: 'unauthenticated',
    what: 'the server asks for a password and none is given',
    hint: 'Give the password by reference: password: env:NAME or file:PATH.',
  },
  WRONGPASS: {
    code: 'unauthenticated',
    what: 'the user or the password is wrong, or the user is disabled',
    hint: 'Check the username and what the reference of the password leads to.',
  },
  NOPERM: {
    code: 'permission-denied',
    what: 'the user may not do this',
    hint: 'Allow it +@read +@write +@scripting +info on the keys of the store: ~{PREFIX}:*',
  },
  DENIED: {
    code: 'permission-denied',
    what: 'the server is in protected mode and takes no connections from elsewhere',
    hint: 'Give the server a password and an address to listen at.',
  },
  OOM: {
    code: 'quota-exceeded',
    what: 'the server has no memory left',
    hint: 'Raise maxmemory, or delete what is not needed; replaced bytes stay for keep.replacedMs.',
  },
  READONLY: {
    code: 'unavailable',
    what: 'the server is a replica and takes no writes',
    hint: 'Point the url at the primary; after a failover, try again.',
    isTemporary: true,
  },
  LOADING: {
    code: 'unavailable',
    what: 'the server still loads its data',
    hint: 'Try again when it has loaded.',
    isTemporary: true,
  },
  CLUSTERDOWN: {
    code: 'unavailable',
    what: 'the cluster is down, or no node has the slot of the store',
    hint: 'Look at CLUSTER INFO and CLUSTER SLOTS.',
    isTemporary: true,
  },
  MASTERDOWN: {
    code: 'unavailable',
    what: 'the server has lost its primary',
    hint: 'Point the url at the primary.',
    isTemporary: true,
  },
  NOREPLICAS: {
    code: 'unavailable',
    what: 'too few replicas follow for the server to take writes',
    hint: 'Look at min-replicas-to-write and the replicas.',
    isTemporary: true,
  },
  MISCONF: {
    code: 'unavailable',
    what: 'the server cannot save its data and takes no writes',
    hint: "Look at the server's log and the room on its disk.",
    isTemporary: true,
  },
  MOVED: moved,
  ASK: moved,
  TRYAGAIN: moved,
  BUSY: busy,
  BUSYKEY: busy,
  UNBLOCKED: busy,
  WRONGTYPE: {
    code: 'corrupt',
    what: 'a key of the store holds something that is not of Holdfast',
    hint: 'Give the store a prefix of its own.',
  },
};

/** What errors without a code of their own say. */
const byMessage: readonly (readonly [RegExp, RequestFailure])[] = [
  [
    /max number of clients/,
    {
      code: 'rate-limited',
      what: 'the server has as many connections as it takes',
      hint: 'Lower poolSize, or raise maxclients.',
      isTemporary: true,
    },
  ],
  [
    /AUTH.*without any password|no password is set/,
    {
      code: 'unauthenticated',
      what: 'a password is given and the server has none for its default user',
      hint: 'Give a username too, or no password.',
    },
  ],
  [
    /DB index|SELECT is not allowed|invalid DB/,
    {
      code: 'invalid-configuration',
      what: 'there is no such database',
      hint: 'Check the number behind the url; a cluster has none but 0.',
    },
  ],
  [
    /unknown command|unknown subcommand|Unknown Redis command/,
    {
      code: 'unsupported',
      what: 'the server does not know a command that the store needs',
      hint: 'Redis 6.2 or newer, or what is compatible with it, is needed.',
    },
  ],
  [/access keys that do not hash to the same slot|non local key/, moved],
];

/** An answer that the client cannot read. */
const unreadable = /RESP|Protocol error/;
/** A connection that broke and took what was under way with it. */
const closedMessage = 'Connection is closed.';
/** A command for a connection that had broken before. */
const unwritableMessage = /^Stream isn't writeable/;

/** What an error of Redis or its client means; `undefined` when it is of neither. The only place that spells them. */
export function redisFailureOf(error: unknown): RequestFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'ReplyError') return translationOf(error.message);
  if (unreadable.test(error.message)) return { ...notRedis, mayHaveHappened: true };
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return noSocket;
  const isClosed = error.message === closedMessage;
  if (!isClosed && !unwritableMessage.test(error.message)) return undefined;
  const broken: RequestFailure = { code: 'unavailable', what: 'the connection broke', isTemporary: true };
  return isClosed ? { ...broken, mayHaveHappened: true } : broken;
}

/** Whatever is thrown, as a `StorageError`. */
export function toStorageError(error: unknown, context: OperationContext): StorageError {
  if (StorageError.isInstance(error)) return error;
  const known =
    error instanceof RequestFailureError ? error.failure : (redisFailureOf(error) ?? networkFailure(error));
  if (known !== undefined) {
    const retry = known.isTemporary ? 'temporary' : 'never';
    return storageErrorOf(known, context, { attempts: 1, retry, cause: error });
  }
  const message = `${context.operation} failed: ${error instanceof Error ? error.message : String(error)}`;
  return new StorageError({ ...context, code: 'unexpected', message, cause: error });
}

/** An answer that no script or command of ours gives. */
export function notAnAnswerOfRedis(missing: string): RequestFailureError {
  return new RequestFailureError({
    ...notRedis,
    what: `${notRedis.what} (it has no ${missing})`,
    mayHaveHappened: true,
  });
}

/** What went wrong before a connection stood: nothing that was to be sent has happened. */
export function notConnected(error: unknown, { isLate }: { readonly isLate: boolean }): unknown {
  if (StorageError.isInstance(error)) return error;
  const known = isLate ? tooLate : (redisFailureOf(error) ?? networkFailure(error));
  if (known === undefined) return error;
  return new RequestFailureError({ ...known, mayHaveHappened: false }, { cause: error });
}

/** A state of the server in which the store must not be used. */
export function unfitServer(what: string, hint: string): RequestFailureError {
  return new RequestFailureError({ code: 'invalid-configuration', what, hint });
}

/** The server is a replica. */
export function replicaInstead(): RequestFailureError {
  return new RequestFailureError(byCode['READONLY'] ?? moved);
}

/** The node that a cluster names for a command. */
export function nodeInstead(error: unknown): string | undefined {
  return error instanceof Error ? /^MOVED \d+ (\S+)/.exec(error.message)?.[1] : undefined;
}

/** Whether the server has not seen a script. */
export function isMissingScript(error: unknown): boolean {
  return error instanceof Error && codeOf(error.message) === 'NOSCRIPT';
}

/** Whether the server is a replica, and another one may have taken its place. */
export function isReadOnlyServer(error: unknown): boolean {
  return error instanceof Error && codeOf(error.message) === 'READONLY';
}

const tooLate: RequestFailure = {
  code: 'timeout',
  what: 'no connection was made in time',
  hint: 'Check the url and the network, or allow more time with timeouts.connectMs.',
  isTemporary: true,
};

function translationOf(message: string): RequestFailure {
  const code = codeOf(message);
  return (
    byCode[code] ??
    byMessage.find(([pattern]) => pattern.test(message))?.[1] ?? {
      code: 'unexpected',
      what: `the server answered: ${message}`,
    }
  );
}

/** The first word, or that of an error inside a script, which older servers wrap. */
function codeOf(message: string): string {
  const inScript = /: -([A-Z]+) /.exec(message)?.[1];
  return inScript ?? /^[A-Z]+/.exec(message)?.[0] ?? '';
}
