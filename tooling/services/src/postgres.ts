import { chownSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { defineService, type ServerCommand, type ServerPlace, type Service } from './define-service.ts';
import { findProgram } from './find-program.ts';
import { canInstallSystemPackages, installSystemPackages } from './install-system-packages.ts';
import { postgresTestUser } from './postgres-test-user.ts';
import { runProgram } from './run-program.ts';
import { type SystemUser, unprivilegedUser } from './unprivileged-user.ts';

const debianFolder = '/usr/lib/postgresql';
/** Debian's package would otherwise make a database of its own and start it. */
const noClusterFile = '/etc/postgresql-common/createcluster.d/holdfast-test.conf';

/**
 * PostgreSQL, whose databases sort by the rules of a language unless they are told otherwise. Its address names the
 * user of {@link postgresTestUser} and the database `postgres`, and holds the password.
 */
export const postgres: Service = defineService({
  name: 'PostgreSQL',
  variable: 'HOLDFAST_TEST_POSTGRES_URL',
  find: findPostgres,
  install: installPostgres,
  start: startPostgres,
});

function findPostgres(): string | undefined {
  const versions = foldersIn(debianFolder).toSorted((one, other) => Number(other) - Number(one));
  const path = versions.map((version) => join(debianFolder, version, 'bin'));
  return findProgram('postgres', [...path, ...(process.env['PATH'] ?? '').split(':')]);
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

async function installPostgres(): Promise<void> {
  if (!canInstallSystemPackages()) throw new Error('postgresql is a system package, and this is not root.');
  await installSystemPackages(['postgresql-common']);
  mkdirSync(dirname(noClusterFile), { recursive: true });
  writeFileSync(noClusterFile, 'create_main_cluster = false\n');
  try {
    await installSystemPackages(['postgresql']);
  } finally {
    rmSync(noClusterFile, { force: true });
  }
}

async function startPostgres({ port, folder }: ServerPlace): Promise<ServerCommand> {
  const user = unprivilegedUser();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  await makeDatabase(folder, data, user);
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: folder,
    max_connections: 200,
    fsync: 'off',
    full_page_writes: 'off',
  };
  const { name, password } = postgresTestUser;
  return {
    arguments: ['-D', data, ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])],
    user,
    endSignal: 'SIGINT',
    address: `postgres://${name}:${password}@127.0.0.1:${port}/postgres`,
    isReady: () => answersStartup(port),
  };
}

async function makeDatabase(folder: string, data: string, user: SystemUser | undefined): Promise<void> {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, postgresTestUser.password);
  if (user !== undefined) chownSync(passwordFile, user.uid, user.gid);
  const program = findPostgres();
  if (program === undefined) throw new Error('PostgreSQL was removed while it was started');
  const options = [
    `--pgdata=${data}`,
    `--username=${postgresTestUser.name}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--locale-provider=icu',
    '--icu-locale=en-US',
    '--no-sync',
  ];
  await runProgram(join(dirname(program), 'initdb'), options, { user, folder });
}

/**
 * Asks to sign in as somebody who does not exist: a server that is still
 * starting refuses that as 57P03 (https://www.postgresql.org/docs/current/protocol-message-formats.html).
 */
function answersStartup(port: number): Promise<boolean> {
  const fields = Buffer.from('\0\x03\0\0user\0nobody\0\0', 'latin1');
  const message = Buffer.alloc(4 + fields.byteLength);
  message.writeUInt32BE(message.byteLength);
  fields.copy(message, 4);
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(message));
    socket.once('error', reject);
    socket.once('data', (answer) => {
      resolve(!answer.includes('57P03'));
      socket.destroy();
    });
  });
}
