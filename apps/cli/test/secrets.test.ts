import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { type App, createApp, loadConfiguration } from '@holdfast/composition';
import { parseObjectKey } from '@holdfast/domain';
import { StorageError } from '@holdfast/ports';
import { AnsweringServer, type CannedAnswer } from '@holdfast/tooling-services';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Holdfast } from './support/holdfast.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const accountKey = Buffer.from('planted/account+key/0123456789==').toString('base64');
const signature = 'cGxhbnRlZC9zaWduYXR1cmUrMDEyMzQ1Njc4OQ==';
const keyFile = JSON.stringify({
  type: 'service_account',
  client_email: 'planted@example.iam.gserviceaccount.com',
  private_key_id: 'plantedkeyid0123456789abcdef',
  private_key: pem,
});

/** What is planted, by the variable that a configuration names. */
const environment = {
  PLANTED_ID: 'AKIAPLANTED000000000',
  PLANTED_SECRET: 'planted/secret+access/key/0123456789abcd',
  PLANTED_TOKEN: 'planted//session+token/0123456789==',
  PLANTED_ACCOUNT_KEY: accountKey,
  PLANTED_SAS: `sv=2025-01-05&sr=c&sp=rcwdl&sig=${encodeURIComponent(signature)}`,
  PLANTED_KEY_FILE: keyFile,
  PLANTED_HALF_A_KEY: keyFile.slice(0, -40),
  AWS_EC2_METADATA_DISABLED: 'true',
};

/** The parts of them that nobody may see, in every spelling. */
const secrets = [
  environment.PLANTED_ID,
  environment.PLANTED_SECRET,
  environment.PLANTED_TOKEN,
  accountKey,
  signature,
  pem.split('\n')[3] ?? '',
  'plantedkeyid0123456789abcdef',
].flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(secret).toString('base64url'),
]);

/** Everything that a careless server could say back. */
const echo = Object.values(environment).join(' ').replaceAll('&', '&amp;');
const said = [
  `<AWSAccessKeyId>${environment.PLANTED_ID}</AWSAccessKeyId>`,
  `<StringToSign>AWS4-HMAC-SHA256 ${environment.PLANTED_SECRET}</StringToSign>`,
  `<Token-0>${environment.PLANTED_TOKEN}</Token-0>`,
  `<AuthenticationErrorDetail>The MAC signature found '${accountKey}' ${signature}</AuthenticationErrorDetail>`,
].join('');
const xml = { 'content-type': 'application/xml' };
const azure = { ...xml, 'x-ms-request-id': '1' };

const error = (status: number, code: string): CannedAnswer => ({
  status,
  headers: { ...azure, 'x-ms-error-code': code },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message>${said}</Error>`,
});
const google = (status: number, reason: string): CannedAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ error: { code: status, message: 'no', errors: [{ reason, message: 'no' }] } }),
});
const html = (status: number): CannedAnswer => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: `<html><title>Sign in</title>${echo}</html>`,
});

const failures: Readonly<Record<string, CannedAnswer>> = {
  'a wrong bucket': error(404, 'NoSuchBucket'),
  'a wrong container': error(404, 'ContainerNotFound'),
  'a wrong key': error(403, 'InvalidAccessKeyId'),
  'a wrong secret': error(403, 'SignatureDoesNotMatch'),
  'a wrong account key': error(403, 'AuthenticationFailed'),
  'expired credentials': error(400, 'ExpiredToken'),
  'credentials that Google does not know': google(401, 'authError'),
  'no permission': error(403, 'AccessDenied'),
  'no permission in Azure': error(403, 'AuthorizationPermissionMismatch'),
  'no permission at Google': google(403, 'forbidden'),
  'a wrong clock': error(403, 'RequestTimeTooSkewed'),
  'a page of a proxy': html(200),
  'a refusal of a proxy': html(407),
  'a page of a gateway': html(502),
  'another region': {
    ...error(301, 'PermanentRedirect'),
    headers: { ...xml, 'x-amz-bucket-region': 'eu-north-1' },
  },
  'a way elsewhere': { status: 302, headers: { location: '/login' } },
  'a cut body': { status: 200, headers: { 'content-length': '1000' }, body: echo, cutAfterBytes: 9 },
  'a length that lies': {
    status: 206,
    headers: { 'content-length': '9', 'content-range': 'bytes 0-3/4' },
    body: echo.slice(0, 9),
  },
  'an unknown code': error(400, 'NobodyKnowsThisCode'),
  'something else': { status: 200, headers: xml, body: `<other>${said}</other>` },
  nothing: { status: 200 },
};

const server = await AnsweringServer.open();
const encrypted = await AnsweringServer.open({ isEncrypted: true });
const holdfast = new Holdfast();
let app: App;

const storesAt = (address: string, suffix = ''): string => `
  s3${suffix}: { backend: aws_s3, bucket: models, endpoint: ${address}, credentials: { accessKeyId: env:PLANTED_ID, secretAccessKey: env:PLANTED_SECRET, sessionToken: env:PLANTED_TOKEN } }
  azure-key${suffix}: { backend: azure_blob, container: models, endpoint: ${address}/lab, credentials: { accountKey: env:PLANTED_ACCOUNT_KEY } }
  azure-sas${suffix}: { backend: azure_blob, container: models, endpoint: ${address}/lab, credentials: { sas: env:PLANTED_SAS } }`;

beforeAll(async () => {
  // Google's library asks for a token in the world outside; this server is the proxy that it asks through.
  for (const [name, value] of Object.entries({
    ...environment,
    HTTPS_PROXY: server.address,
    https_proxy: server.address,
  }))
    vi.stubEnv(name, value);
  holdfast.write(
    'holdfast.yaml',
    `version: 1
stores:
  default: { backend: local_filesystem, root: store }${storesAt(server.address)}${storesAt(encrypted.address, '-encrypted')}
  gcs: { backend: gcp_storage, bucket: models, credentials: { key: env:PLANTED_KEY_FILE } }
  gcs-half: { backend: gcp_storage, bucket: models, credentials: { key: env:PLANTED_HALF_A_KEY } }
database: { url: sqlite:registry.db }
`,
  );
  const { configuration } = await loadConfiguration({
    workingFolder: holdfast.folder,
    environment: { ...environment, HOME: holdfast.folder },
  });
  app = await createApp(configuration);
});

afterAll(async () => {
  await app[Symbol.asyncDispose]();
  holdfast[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
  await encrypted[Symbol.asyncDispose]();
  vi.unstubAllEnvs();
});

function expectNoSecret(text: string, where: string): void {
  for (const secret of secrets)
    expect(text.includes(secret), `${where} shows ${secret}:\n${text}`).toBe(false);
}

test('finds what it looks for', () => {
  for (const value of [echo, said]) expect(secrets.some((secret) => value.includes(secret))).toBe(true);
  expect(() => expectNoSecret(`x ${encodeURIComponent(accountKey)}`, 'a text')).toThrow(/shows/);
});

test.each(Object.entries(failures))(
  'no error shows a secret: %s',
  async (what, answer) => {
    server.answer = () => answer;
    const key = parseObjectKey('model');
    const names = app.adapters.storeNames.filter((name) => name !== 'default');
    const looked = names.map(async (name) => {
      const adapter = await app.adapters.createForStore(name);
      const signal = AbortSignal.timeout(2_000);
      const works = [
        adapter.check({ signal }),
        adapter.head(key, { signal }),
        read(name),
        adapter.put(key, Buffer.from('x'), { signal }),
      ];
      for (const settled of await Promise.allSettled(works)) {
        if (settled.status === 'fulfilled') continue;
        const reason: unknown = settled.reason;
        expect(StorageError.isInstance(reason), inspect(reason)).toBe(true);
        const shown = inspect(reason, { depth: 20, showHidden: true, maxStringLength: null });
        expectNoSecret(`${shown}\n${JSON.stringify(reason)}`, `${name}, ${what}`);
      }
      return settledCount(await Promise.allSettled(works));
    });
    const refused = await Promise.all(looked);
    expect(refused.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
    const health = await (await app.health()).checkAll();
    expectNoSecret(JSON.stringify(health), `health, ${what}`);
  },
  60_000,
);

function settledCount(results: readonly PromiseSettledResult<unknown>[]): number {
  return results.filter(({ status }) => status === 'rejected').length;
}

async function read(name: string): Promise<void> {
  const adapter = await app.adapters.createForStore(name);
  const signal = AbortSignal.timeout(2_000);
  await using reader = await adapter.get(parseObjectKey('model'), { signal });
  for await (const chunk of reader?.body ?? []) expect(chunk).toBeDefined();
}

test('no command shows a secret', async () => {
  server.answer = () => failures['a wrong secret'] as CannedAnswer;
  const proxied = { ...environment, HTTPS_PROXY: server.address, https_proxy: server.address };
  holdfast.write('model.bin', 'weights');
  const put = (store: string, ...more: readonly string[]) => [
    'put',
    'model.bin',
    '--name',
    'm',
    '--backend',
    store,
    '--verbose',
    ...more,
  ];
  const commandLines = [
    ['doctor', '--json', '--verbose'],
    put('s3'),
    put('azure-sas', '--json'),
    put('gcs-half'),
  ];
  for (const commandLine of commandLines) {
    const run = await holdfast.run(commandLine, { environment: proxied });
    expect(run.exitCode).not.toBe(0);
    expectNoSecret(run.stdout + run.stderr, commandLine.join(' '));
  }
}, 120_000);
