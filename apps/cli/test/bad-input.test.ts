import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Holdfast, type Run } from './support/holdfast.ts';
import { onnxFile, safetensorsFile } from './support/sample-files.ts';

const template = new Holdfast();

beforeAll(async () => {
  mkdirSync(template.path('.holdfast'));
  template.write('model.onnx', onnxFile());
  await template.succeed(['put', 'model.onnx', '--name', 'm', '--alias', 'champion']);
  await template.succeed(['put', 'model.onnx', '--name', 'm']);
});

afterAll(() => template[Symbol.dispose]());

/** Runs what has to be refused and checks what holds for every refusal. */
async function refuse(
  holdfast: Holdfast,
  commandLine: readonly string[],
  options: Parameters<Holdfast['run']>[1] = {},
): Promise<Run> {
  const before = holdfast.files();
  const run = await holdfast.run(commandLine, options);
  expect(run.exitCode).not.toBe(0);
  expect(run.stdout).toBe('');
  expect(run.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(3);
  expect(run.stderr).toMatch(/^error: /);
  expect(holdfast.files()).toEqual(before);
  expect(holdfast.leftovers()).toEqual([]);
  return run;
}

test.each([
  {
    what: 'a missing file',
    commandLine: ['put', 'nowhere.onnx', '--name', 'm'],
    exitCode: 3,
    part: 'nowhere.onnx does not exist',
  },
  {
    what: 'a file below a file',
    commandLine: ['put', 'model.onnx/x', '--name', 'm'],
    exitCode: 3,
    part: 'a part of the path is a file',
  },
  { what: 'no name', commandLine: ['put', 'model.onnx'], exitCode: 2, part: '--name' },
  {
    what: 'a name with a forbidden character',
    commandLine: ['put', 'model.onnx', '--name', 'a b'],
    exitCode: 2,
    part: 'forbidden character " "',
  },
  {
    what: 'a name that climbs',
    commandLine: ['put', 'model.onnx', '--name', '../m'],
    exitCode: 2,
    part: '".." segment',
  },
  {
    what: 'a malformed alias',
    commandLine: ['put', 'model.onnx', '--name', 'm', '--alias', 'v3'],
    exitCode: 2,
    part: 'looks like a version number',
  },
  { what: 'a reserved alias', commandLine: ['alias', 'm', 'latest', '1'], exitCode: 2, part: 'reserved' },
  {
    what: 'a malformed tag',
    commandLine: ['put', 'model.onnx', '--name', 'm', '--tag', 'stage'],
    exitCode: 2,
    part: 'key=value',
  },
  {
    what: 'a tag with two values',
    commandLine: ['tag', 'm', 'a=b', 'a=c'],
    exitCode: 2,
    part: 'The tag a is given twice: as "b" and as "c".',
  },
  {
    what: 'a tag that is both set and removed',
    commandLine: ['tag', 'm', 'a=b', '--remove', 'a'],
    exitCode: 2,
    part: 'The tag a is given as "b" and with --remove.',
  },
  { what: 'a forbidden tag', commandLine: ['tag', 'm', 'a b=c'], exitCode: 2, part: 'not the name of a tag' },
  {
    what: 'a metric that is no number',
    commandLine: ['put', 'model.onnx', '--name', 'm', '--metric', 'acc=high'],
    exitCode: 2,
    part: 'must be a number',
  },
  {
    what: 'an infinite metric',
    commandLine: ['put', 'model.onnx', '--name', 'new', '--metric', 'acc=Infinity'],
    exitCode: 2,
    part: 'finite',
  },
  {
    what: 'an unknown format',
    commandLine: ['put', 'model.onnx', '--name', 'm', '--format', 'onxx'],
    exitCode: 2,
    part: 'safetensors',
  },
  {
    what: 'another format than the bytes have',
    commandLine: ['put', 'model.onnx', '--name', 'm', '--format', 'safetensors'],
    exitCode: 2,
    part: 'safetensors',
  },
  { what: 'a missing model', commandLine: ['show', 'mm'], exitCode: 3, part: 'no model named mm' },
  { what: 'a misspelt model', commandLine: ['get', 'm2', '-o', 'x'], exitCode: 3, part: 'no model named m2' },
  {
    what: 'a missing version',
    commandLine: ['get', 'm:9', '-o', 'x'],
    exitCode: 3,
    part: 'Its versions: 2, 1',
  },
  { what: 'version zero', commandLine: ['show', 'm:0'], exitCode: 2, part: 'not a version number' },
  {
    what: 'a missing alias',
    commandLine: ['get', 'm@nope', '-o', 'x'],
    exitCode: 3,
    part: 'Its aliases: champion',
  },
  {
    what: 'an alias to a missing version',
    commandLine: ['alias', 'm', 'champion', '9'],
    exitCode: 3,
    part: 'no version 9',
  },
  {
    what: 'an alias that points elsewhere',
    commandLine: ['alias', 'm', 'champion', '2', '--expect', '7'],
    exitCode: 4,
    part: 'version 7 was expected',
  },
  {
    what: 'an alias that exists already',
    commandLine: ['alias', 'm', 'champion', '2', '--expect', '0'],
    exitCode: 4,
    part: 'expected not to exist',
  },
  { what: 'a count that is none', commandLine: ['ls', '--limit', 'many'], exitCode: 2, part: '--limit' },
  {
    what: 'a folder that does not exist',
    commandLine: ['get', 'm', '-o', 'no/where/x'],
    exitCode: 3,
    part: 'does not exist',
  },
  { what: 'verify of a missing version', commandLine: ['verify', 'm:9'], exitCode: 3, part: 'no version 9' },
  { what: 'an unknown shell', commandLine: ['completion', 'tcsh'], exitCode: 2, part: 'bash, zsh, fish' },
  {
    what: 'a missing configuration',
    commandLine: ['ls', '--config', 'nowhere.yaml'],
    exitCode: 2,
    part: 'nowhere.yaml',
  },
])('$what is refused', async ({ commandLine, exitCode, part }) => {
  using holdfast = template.copy();
  const run = await refuse(holdfast, commandLine);
  expect(run.exitCode).toBe(exitCode);
  expect(run.stderr).toContain(part);
});

test('a folder is refused where a file is meant', async () => {
  using holdfast = template.copy();
  mkdirSync(holdfast.path('folder'));
  writeFileSync(holdfast.path('folder', 'precious'), 'x');
  for (const flags of [[], ['--force']]) {
    const run = await refuse(holdfast, ['get', 'm', '-o', 'folder', ...flags]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('model.onnx');
  }
  expect((await refuse(holdfast, ['ls', '--config', 'folder'])).exitCode).toBe(2);
  expect((await refuse(holdfast, ['put', 'folder', '--name', 'm', '--format', 'onnx'])).exitCode).toBe(2);
});

test('an unreadable file is refused by permission', async (context) => {
  using holdfast = template.copy();
  chmodSync(holdfast.write('secret.onnx', onnxFile()), 0o000);
  const through =
    process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];
  if (through.length > 0 && spawnSync(through[0] as string, [...through.slice(1), 'true']).status !== 0) {
    context.skip('root reads everything, and setpriv is not there to give that up');
  }
  for (const commandLine of [
    ['put', 'secret.onnx', '--name', 'm'],
    ['inspect', 'secret.onnx'],
  ]) {
    const run = await refuse(holdfast, commandLine, { through });
    expect(run.exitCode).toBe(7);
    expect(run.stderr).toContain('secret.onnx may not be accessed');
  }
});

test.each([
  ['safetensors', safetensorsFile(5_000)],
  ['onnx', onnxFile(5_000)],
])(
  'a truncated %s file is refused with its offset, and stored as binary only when asked',
  async (format, whole) => {
    using holdfast = template.copy();
    const cut = whole.subarray(0, whole.byteLength - 100);
    holdfast.write(`cut.${format}`, cut);
    for (const commandLine of [
      ['put', `cut.${format}`, '--name', 'cut'],
      ['inspect', `cut.${format}`],
    ]) {
      const run = await refuse(holdfast, commandLine);
      expect(run.exitCode).toBe(2);
      expect(run.stderr).toMatch(new RegExp(`Not valid ${format} at byte \\d+: `));
      expect(run.stderr).toContain('--format binary');
    }
    const before = holdfast.files();
    const piped = await holdfast.run(['put', '-', '--name', 'cut'], { input: cut });
    expect(piped).toMatchObject({ exitCode: 2, stdout: '' });
    await holdfast.succeed(['gc']);
    expect(holdfast.files().filter((path) => !path.includes('/snapshots/'))).toEqual(before);
    const failed = await holdfast.run(['put', `cut.${format}`, '--name', 'cut', '--json']);
    expect(JSON.parse(failed.stderr)).toMatchObject({
      error: { code: 'invalid-format', format, exitCode: 2 },
    });
    expect((await holdfast.succeed(['ls', '--names'])).stdout).toBe('m\n');
    await holdfast.succeed(['put', `cut.${format}`, '--name', 'cut', '--format', 'binary']);
    expect((await holdfast.succeed(['get', 'cut', '-o', '-'])).stdoutBytes.equals(cut)).toBe(true);
  },
);

test('a full disk at the other end of standard output is no success', async (context) => {
  using holdfast = template.copy();
  const shell = spawnSync('sh', ['-c', 'test -w /dev/full']);
  if (shell.status !== 0) context.skip('there is no /dev/full');
  const command = ['sh', '-c', '"$0" "$@" > /dev/full'];
  const run = await holdfast.run(['get', 'm', '-o', '-'], { through: command });
  expect(run.exitCode).toBe(8);
  expect((await holdfast.run(['ls'], { through: command })).exitCode).toBe(8);
  const put = await holdfast.run(['put', 'model.onnx', '--name', 'other'], { through: command });
  expect(put.exitCode).toBe(8);
  expect(put.stderr).toContain('The command succeeded, but its output could not be written');
  expect(put.stderr).not.toContain('Nothing was saved');
  expect((await holdfast.succeed(['ls', '--names'])).stdout).toContain('other');
});

test('errors are one JSON object with --json, and carry their causes with --verbose', async () => {
  using holdfast = template.copy();
  const run = await holdfast.run(['get', 'm:9', '--json', '--verbose']);
  expect(run.stdout).toBe('');
  const { error } = JSON.parse(run.stderr) as { error: Record<string, unknown> };
  expect(error).toMatchObject({
    code: 'not-found',
    exitCode: 3,
    message: 'm has no version 9.',
    hint: 'Its versions: 2, 1.',
  });
  expect(error['causes']).toHaveLength(1);
  const verbose = await holdfast.run(['put', 'nowhere', '--name', 'm', '--verbose']);
  expect(verbose.stderr).toContain('ENOENT');
  expect(verbose.stderr.split('\n').length).toBeGreaterThan(4);
});
