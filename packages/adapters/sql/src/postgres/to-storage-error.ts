import type { RequestFailure } from '@holdfast/adapter-kit';
import { DatabaseError } from 'pg';

type Meaning = Pick<RequestFailure, 'code' | 'what'> & Partial<RequestFailure>;

/** What SQLSTATEs mean (https://www.postgresql.org/docs/current/errcodes-appendix.html): a code, or a class of two characters. */
const meanings: Readonly<Record<string, Meaning>> = {
  '08': { code: 'unavailable', what: 'the connection to the database broke', isTemporary: true },
  '28P01': {
    code: 'unauthenticated',
    what: 'the database refused the password',
    hint: 'Check the user of the URL and its password.',
  },
  '28': {
    code: 'unauthenticated',
    what: 'the database refused the user',
    hint: 'Check the user of the URL, and pg_hba.conf of the server: it may ask for encryption (sslmode=require).',
  },
  '3D000': {
    code: 'not-found',
    what: 'the database does not exist',
    hint: 'Check the name of the database in the URL, or make it with CREATE DATABASE.',
  },
  '3F000': {
    code: 'not-found',
    what: 'the schema does not exist',
    hint: 'Check the schema, or let it be made with createIfMissing.',
  },
  '42501': {
    code: 'permission-denied',
    what: 'the user of the database may not do this',
    hint: 'Grant the user what it needs: USAGE and CREATE on the schema, and its tables.',
  },
  '42P01': {
    code: 'not-found',
    what: 'a table is missing',
    hint: 'The tables were removed by hand, or the schema is another one.',
  },
  '25006': {
    code: 'permission-denied',
    what: 'the database can only be read',
    hint: 'It is a standby, or set to read-only: name the primary server.',
  },
  '53100': {
    code: 'quota-exceeded',
    what: 'the disk of the database is full',
    hint: 'Make room and try again.',
  },
  '53200': { code: 'unavailable', what: 'the database has no memory left', isTemporary: true },
  '53300': {
    code: 'rate-limited',
    what: 'the database has too many connections',
    hint: 'Lower poolSize, or raise max_connections of the server.',
    isTemporary: true,
  },
  '53': { code: 'unavailable', what: 'the database lacks resources', isTemporary: true },
  '54000': { code: 'invalid-argument', what: 'a value is too long for an index of the database' },
  '22021': { code: 'invalid-argument', what: 'a text has characters that the database cannot keep' },
  '22P05': { code: 'invalid-argument', what: 'a text has characters that the database cannot keep' },
  '22P02': { code: 'invalid-argument', what: 'a value is of another type than what it is compared with' },
  '22003': { code: 'invalid-argument', what: 'a number is too large for the database' },
  '25P02': { code: 'unavailable', what: 'the database has undone the transaction after an earlier error' },
  '25P03': {
    code: 'unavailable',
    what: 'the database has rolled back a transaction that was idle for too long',
    isTemporary: true,
  },
  '40001': { code: 'unavailable', what: 'another transaction came first', isTemporary: true },
  '40P01': { code: 'unavailable', what: 'transactions waited for each other', isTemporary: true },
  '55P03': { code: 'unavailable', what: 'another transaction holds the rows', isTemporary: true },
  '57014': {
    code: 'timeout',
    what: 'the database took too long for a statement',
    hint: 'Allow more with the timeouts of the store, or look for who holds locks.',
    isTemporary: true,
  },
  '57P': { code: 'unavailable', what: 'the database is being stopped or started', isTemporary: true },
  '23505': { code: 'already-exists', what: 'there is one already' },
  '23503': {
    code: 'unavailable',
    what: 'the bytes were removed before they became an object',
    hint: 'The connection to the database was lost meanwhile. Put the object again.',
  },
  '58': { code: 'unavailable', what: 'the system of the database reported an error', isTemporary: true },
  XX001: corrupt(),
  XX002: corrupt(),
};

/** What an error of PostgreSQL or its client means; `undefined` when it is of neither. */
export function postgresFailureOf(error: unknown): RequestFailure | undefined {
  if (error instanceof DatabaseError) {
    const state = error.code ?? '';
    const meaning = meanings[state] ?? meanings[state.slice(0, 3)] ?? meanings[state.slice(0, 2)];
    const found = meaning ?? { code: 'unexpected', what: `the database answered ${state}: ${error.message}` };
    return { isTemporary: false, mayHaveHappened: state.startsWith('08'), ...found };
  }
  return error instanceof Error ? clientFailureOf(error.message) : undefined;
}

/** Whether the schema that was asked for has no such table. */
export function isMissingTable(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === '42P01' || error.code === '3F000');
}

/** Whether others held a lock for longer than `lock_timeout`. */
export function isLockTimeout(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '55P03';
}

/** Whether the server ended the transaction and kept the connection: it can be used again. */
export function leavesConnection(error: unknown): boolean {
  return error instanceof DatabaseError && !/^(?:08|57P|XX|58)/.test(error.code ?? '');
}

/** `pg` tells some failures by their sentence only (its `client.js` and `connection.js`). */
function clientFailureOf(message: string): RequestFailure | undefined {
  const broken = /^(?:Connection terminated|Client has encountered a connection error|Client was closed)/;
  if (broken.test(message)) {
    return {
      code: 'unavailable',
      what: 'the connection to the database broke',
      isTemporary: true,
      mayHaveHappened: true,
    };
  }
  if (/^(?:timeout expired|timeout exceeded when trying to connect)$/.test(message)) {
    return {
      code: 'timeout',
      what: 'there was no connection to the database in time',
      hint: 'Check the host and the port of the URL, and the network.',
      isTemporary: true,
      mayHaveHappened: false,
    };
  }
  if (/^The server does not support SSL connections$/.test(message)) {
    return {
      code: 'invalid-configuration',
      what: 'the database does not speak TLS',
      hint: 'Set sslmode=disable in the URL, or turn on ssl in postgresql.conf.',
      isTemporary: false,
      mayHaveHappened: false,
    };
  }
  if (/^SASL|client password must be a string/.test(message)) {
    return {
      code: 'unauthenticated',
      what: 'the database asks for a password, and there is none that fits',
      hint: 'Give the password of the user.',
      isTemporary: false,
      mayHaveHappened: false,
    };
  }
  return undefined;
}

function corrupt(): Meaning {
  return {
    code: 'corrupt',
    what: 'the files of the database are damaged',
    hint: 'Restore the database from a backup.',
  };
}
