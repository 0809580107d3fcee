import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { ConfigurationError } from './configuration-error.ts';
import { loadConfiguration } from './load-configuration.ts';
import { type PathOwner, whyNotOwn } from './trusted-file.ts';

const secrets: readonly (readonly [string, string])[] = [
  ['a token', 'stores: { s: { backend: mlflow, endpoint: http://x, credentials: { token: env:PATH } } }'],
  [
    'a bucket, which gets the credentials of the user',
    'stores: { s: { backend: aws_s3, bucket: b, region: r } }',
  ],
  ['a server of a database', 'database: { url: postgres://u@h/d }'],
];

async function planted(text: string): Promise<{ folder: string; home: string; work: string; file: string }> {
  const folder = await temporaryFolder();
  const [home, work] = [join(folder, 'home'), join(folder, 'open', 'work')];
  await mkdir(work, { recursive: true });
  const file = join(folder, 'open', 'holdfast.yaml');
  await writeFile(file, text);
  await chmod(join(folder, 'open'), 0o777);
  return { folder, home, work, file };
}

async function refusalOf(loading: Promise<unknown>): Promise<ConfigurationError> {
  const error: unknown = await loading.catch((refusal: unknown) => refusal);
  if (!ConfigurationError.isInstance(error)) throw new Error('It was not refused.', { cause: error });
  return error;
}

describe.skipIf(process.platform === 'win32')('a file that another user may have written', () => {
  it.each(secrets)('is not trusted with %s', async (_, text) => {
    const { home, work, folder, file } = await planted(text);
    const error = await refusalOf(
      loadConfiguration({ workingFolder: work, environment: {}, homeFolder: home }),
    );
    expect(error.message).toContain(`${file}: names servers or secrets, and is not trusted with them`);
    expect(error.message).toContain(`every user of this machine can write to ${join(folder, 'open')}`);
    expect(error.hint).toContain(join(home, '.config', 'holdfast', 'trusted-folders'));
    expect(error.hint).toContain(`HOLDFAST_TRUSTED_FOLDERS=${join(folder, 'open')}`);
  });

  it('is read when it names nothing but folders of this machine', async () => {
    const { home, work, folder } = await planted('stores: { s: { backend: local_filesystem, root: data } }');
    const loaded = await loadConfiguration({ workingFolder: work, environment: {}, homeFolder: home });
    expect(loaded.configuration.stores['s']).toMatchObject({ root: join(folder, 'open', 'data') });
  });

  it.each(['the variable', 'the variable, for all', 'the list of the user', '--config', 'HOLDFAST_CONFIG'])(
    'is trusted when %s allows it',
    async (way) => {
      const { home, work, folder, file } = await planted(secrets[1]?.[1] ?? '');
      if (way === 'the list of the user') {
        await mkdir(join(home, '.config', 'holdfast'), { recursive: true });
        await writeFile(join(home, '.config', 'holdfast', 'trusted-folders'), `/nowhere\n${folder}\n`);
      }
      const environment = {
        ...(way === 'the variable' ? { HOLDFAST_TRUSTED_FOLDERS: `/nowhere:${join(folder, 'open')}` } : {}),
        ...(way === 'the variable, for all' ? { HOLDFAST_TRUSTED_FOLDERS: '*' } : {}),
        ...(way === 'HOLDFAST_CONFIG' ? { HOLDFAST_CONFIG: file } : {}),
      };
      const flags = way === '--config' ? { config: file } : {};
      const loaded = await loadConfiguration({ workingFolder: work, environment, homeFolder: home, flags });
      expect(loaded.file).toBe(file);
      expect(loaded.ignoredVariables).toEqual([]);
    },
  );

  it('is not trusted by the name of a neighbour', async () => {
    const { home, work, folder } = await planted(secrets[1]?.[1] ?? '');
    await mkdir(join(folder, 'op'));
    const environment = { HOLDFAST_TRUSTED_FOLDERS: join(folder, 'op') };
    const error = await refusalOf(loadConfiguration({ workingFolder: work, environment, homeFolder: home }));
    expect(error.message).toContain('not trusted');
  });
});

describe('who could have written a file', () => {
  const mine = (path: string, mode = 0o755): PathOwner => ({ path, uid: 7, mode });
  const theRoot: PathOwner = { path: '/', uid: 0, mode: 0o755 };

  it.each<[string, readonly PathOwner[], RegExp | undefined]>([
    ['only its user', [mine('/a/f', 0o644), mine('/a'), theRoot], undefined],
    ['root, who may anyway', [{ path: '/f', uid: 0, mode: 0o644 }, theRoot], undefined],
    [
      'another owner',
      [{ path: '/a/f', uid: 8, mode: 0o644 }, mine('/a'), theRoot],
      /f belongs to another user \(id 8/,
    ],
    [
      'the owner of a folder above',
      [mine('/b/a/f'), mine('/b/a'), { path: '/b', uid: 8, mode: 0o755 }, theRoot],
      /\/b bel/,
    ],
    ['all, into the file', [mine('/a/f', 0o666), mine('/a'), theRoot], /can write to \/a\/f/],
    [
      'all, into a folder above',
      [mine('/b/a/f'), mine('/b/a'), mine('/b', 0o777), theRoot],
      /can write to \/b$/,
    ],
    [
      'only its user, below a sticky folder',
      [mine('/tmp/f'), { path: '/tmp', uid: 0, mode: 0o1777 }, theRoot],
      undefined,
    ],
    ['all, into a file with the sticky bit', [mine('/tmp/f', 0o1666), theRoot], /can write/],
  ])('%s', (_, owners, expected) => {
    if (expected === undefined) expect(whyNotOwn(owners, 7)).toBeUndefined();
    else expect(whyNotOwn(owners, 7)).toMatch(expected);
  });
});
