import { afterAll, beforeAll, expect, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';
import { onnxFile, safetensorsFile } from './support/sample-files.ts';

const template = new Holdfast();

/** Two models, one of two versions; made once, and copied for each test. */
beforeAll(async () => {
  template.write('model.onnx', onnxFile());
  template.write('weights.safetensors', safetensorsFile(1_000));
  await template.succeed([
    'put',
    'model.onnx',
    '--name',
    'fault-classifier',
    '--tag',
    'stage=dev',
    '--alias',
    'champion',
  ]);
  await template.succeed(['put', 'weights.safetensors', '--name', 'fault-classifier', '--tag', 'stage=prod']);
  await template.succeed([
    'put',
    'model.onnx',
    '--name',
    'team/other',
    '--metric',
    'loss=0.25',
    '--param',
    'seed=7',
  ]);
});

afterAll(() => template[Symbol.dispose]());

function filled(): Holdfast {
  return template.copy();
}

test('ls shows models in an aligned table, without colours in a pipe', async () => {
  using holdfast = filled();
  const { stdout, stderr } = await holdfast.succeed(['ls']);
  expect(stderr).toMatch(/^No project in this folder or above: using .*\n$/);
  expect((await holdfast.succeed(['ls', '--quiet'])).stderr).toBe('');
  expect(stdout.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\dZ/g, 'YYYY-MM-DD hh:mmZ')).toBe(
    `MODEL             NEWEST  FORMAT           SIZE  ALIASES     SAVED              TAGS
fault-classifier       2  safetensors  3.98 KiB  champion:1  YYYY-MM-DD hh:mmZ  stage=prod
team/other             1  onnx         ${`${onnxFile().byteLength} B`.padStart(8)}              YYYY-MM-DD hh:mmZ
`,
  );
});

test('ls filters by tag, name and namespace, and limits', async () => {
  using holdfast = filled();
  const names = async (...commandLine: readonly string[]) =>
    (await holdfast.succeed(['ls', '--names', ...commandLine])).stdout;
  expect(await names()).toBe('fault-classifier\nteam/other\n');
  expect(await names('--tag', 'stage=prod')).toBe('fault-classifier\n');
  expect(await names('--tag', 'stage=dev')).toBe('');
  expect(await names('--search', 'OTHER')).toBe('team/other\n');
  expect(await names('team/')).toBe('team/other\n');
  expect(await names('--limit', '1')).toBe('fault-classifier\n');
  expect(await names('fault-classifier')).toBe('fault-classifier:2\nfault-classifier:1\n');
  expect(await names('fault-classifier', '--tag', 'stage=dev')).toBe('fault-classifier:1\n');
});

test('ls --json is one line a model, or a version', async () => {
  using holdfast = filled();
  const models = (await holdfast.succeed(['ls', '--json'])).stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(models).toMatchObject([
    {
      name: 'fault-classifier',
      versionCount: 2,
      aliases: { champion: 1 },
      latest: { number: 2, format: 'safetensors' },
    },
    { name: 'team/other', latest: { reference: 'team/other:1' } },
  ]);
  const versions = (await holdfast.succeed(['ls', 'fault-classifier', '--json'])).stdout
    .trimEnd()
    .split('\n');
  expect(versions.map((line) => JSON.parse(line) as object)).toMatchObject([
    { number: 2, aliases: [] },
    { number: 1, aliases: ['champion'] },
  ]);
});

test('ls of nothing says how to begin, and makes nothing', async () => {
  using holdfast = new Holdfast();
  const run = await holdfast.succeed(['ls']);
  expect(run.stdout).toBe('');
  expect(run.stderr).toContain('holdfast put');
  expect(holdfast.files()).toEqual([]);
  expect(await holdfast.succeed(['ls', '--json'])).toMatchObject({ stdout: '', stderr: '' });
});

test('a reader that leaves early is no error', async () => {
  using holdfast = filled();
  for (let round = 0; round < 3; round += 1) {
    const child = holdfast.start(['ls', '--json']);
    child.stdout.destroy();
    const [exitCode, stderr] = await new Promise<[number | null, string]>((resolve) => {
      let text = '';
      child.stderr.on('data', (chunk) => (text += String(chunk)));
      child.on('close', (code) => resolve([code, text]));
    });
    expect([exitCode, stderr]).toEqual([0, '']);
  }
});

test('show lists the files of a folder, and metrics and parameters before what the files hold', async () => {
  using holdfast = new Holdfast();
  holdfast.write('model/model.onnx', onnxFile());
  holdfast.write('model/notes/a.txt', 'notes');
  await holdfast.succeed(['put', 'model', '--name', 'm', '--metric', 'accuracy=0.9', '--param', 'depth=3']);
  const { stdout } = await holdfast.succeed(['show', 'm']);
  const places = [
    'Metrics\n  accuracy  0.9',
    'Parameters\n  depth  3',
    'Files (2)\n  model.onnx   ',
    '  notes/a.txt',
  ].map((part) => stdout.indexOf(part));
  expect(places.every((place) => place > 0)).toBe(true);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  const { files } = await holdfast.json<{ files: object[] }>(['show', 'm']);
  expect(files).toMatchObject([{ path: 'model.onnx' }, { path: 'notes/a.txt', sizeBytes: 5 }]);
  const { stdout: names } = await holdfast.succeed(['ls', '--names', '--json']);
  expect(JSON.parse(names)).toEqual(['m']);
});

test('show tells what is known of a version', async () => {
  using holdfast = filled();
  const { stdout } = await holdfast.succeed(['show', 'fault-classifier@champion']);
  for (const part of [
    'fault-classifier:1  @champion',
    'digest  sha256:',
    'format  onnx',
    'status  ready',
    'scan    unscanned',
    'from    model.onnx',
    'tags    stage=dev',
    'stored  default: objects/sha256/',
    'Inputs\n  x  float32  [4]',
    'Outputs\n  y  float32  [4]',
    'Tensors (1, 4 values)\n  w  float32  [4]',
  ]) {
    expect(stdout).toContain(part);
  }
  const { stdout: other } = await holdfast.succeed(['show', 'team/other']);
  expect(other).toContain('Metrics\n  loss  0.25');
  expect(other).toContain('Parameters\n  seed  7');
  const document = await holdfast.json(['show', 'team/other']);
  expect(document).toMatchObject({
    reference: 'team/other:1',
    metrics: { loss: 0.25 },
    locations: [{ storeName: 'default', state: 'verified' }],
    inspection: { format: 'onnx' },
  });
});

test('tags are set, removed and told, of versions and models', async () => {
  using holdfast = filled();
  expect(
    (await holdfast.succeed(['tag', 'fault-classifier:1', 'a=1', 'b=2', '--remove', 'stage'])).stdout,
  ).toBe('a  1\nb  2\n');
  expect(await holdfast.json(['tag', 'fault-classifier', '--model', 'owner=ana'])).toEqual({
    subject: 'fault-classifier',
    tags: { owner: 'ana' },
  });
  expect(await holdfast.json(['tag', 'fault-classifier:1'])).toEqual({
    subject: 'fault-classifier:1',
    tags: { a: '1', b: '2' },
  });
  expect((await holdfast.succeed(['show', 'fault-classifier:1'])).stdout).toContain('model tags  owner=ana');
});

test('tags cannot do anything to the terminal', async () => {
  using holdfast = filled();
  await holdfast.succeed(['tag', 'team/other', 'evil=\u001b[2Jcleared\nline\u202e']);
  for (const commandLine of [['ls'], ['ls', 'team/other'], ['show', 'team/other'], ['tag', 'team/other']]) {
    const { stdout } = await holdfast.succeed(commandLine);
    expect(stdout).not.toContain('\u001b');
    expect(stdout).not.toContain('\u202e');
    expect(stdout).toContain('\\u{1b}[2Jcleared\\nline');
  }
});

test('rm removes versions and models, never an aliased one, and never unasked', async () => {
  using holdfast = filled();
  const everything = holdfast.files();
  const unasked = await holdfast.run(['rm', 'fault-classifier:2']);
  expect(unasked.exitCode).toBe(2);
  expect(unasked.stderr).toContain('--yes');
  const aliased = await holdfast.run(['rm', 'fault-classifier:1', '--yes']);
  expect(aliased.exitCode).toBe(7);
  expect(aliased.stderr).toContain('champion');
  expect((await holdfast.run(['rm', 'fault-classifier', '--all', '--yes'])).exitCode).toBe(7);
  expect((await holdfast.run(['rm', 'fault-classifier', '--yes'])).exitCode).toBe(2);
  expect((await holdfast.run(['rm', 'fault-classifier:2', '--all', '--yes'])).exitCode).toBe(2);
  expect(holdfast.files()).toEqual(everything);
  expect(await holdfast.json(['rm', 'fault-classifier:2', '--yes'])).toMatchObject({
    removed: ['fault-classifier:2'],
  });
  expect((await holdfast.run(['show', 'fault-classifier:2'])).exitCode).toBe(3);
  await holdfast.succeed(['alias', 'fault-classifier', 'champion', '--remove']);
  await holdfast.succeed(['rm', 'fault-classifier', '--all', '--yes']);
  expect((await holdfast.succeed(['ls', '--names'])).stdout).toBe('team/other\n');
  await holdfast.succeed(['get', 'team/other', '-o', 'still-there']);
  holdfast.write('again', 'x');
  expect((await holdfast.succeed(['put', 'again', '--name', 'fault-classifier'])).stdout).toBe(
    'fault-classifier:3\n',
  );
});

test('inspect looks into files, folders and versions', async () => {
  using holdfast = filled();
  const file = await holdfast.json(['inspect', 'model.onnx']);
  expect(file).toMatchObject({
    kind: 'file',
    format: 'onnx',
    fileCount: 1,
    verdict: 'unscanned',
    inspection: { inputs: [{ name: 'x' }] },
  });
  expect(await holdfast.json(['inspect', 'fault-classifier@champion'])).toMatchObject({
    kind: 'version',
    subject: 'fault-classifier:1',
    format: 'onnx',
  });
  holdfast.write('folder/model.safetensors', safetensorsFile(10));
  holdfast.write('folder/config.json', '{"model_type":"bert"}');
  expect(await holdfast.json(['inspect', 'folder'])).toMatchObject({
    kind: 'folder',
    fileCount: 2,
    format: 'huggingface',
  });
  expect((await holdfast.succeed(['inspect', 'model.onnx'])).stdout).toContain('Inputs\n  x  float32  [4]');
  expect((await holdfast.run(['inspect', 'no/such/thing.onnx'])).exitCode).toBe(3);
});

test('what can hold code is told by inspect, put and alias', async () => {
  using holdfast = new Holdfast();
  holdfast.write(
    'model.pkl',
    Buffer.from(
      '\u0080\u0004\u0095\u0005\u0000\u0000\u0000\u0000\u0000\u0000\u0000}\u0094K\u0001.',
      'latin1',
    ),
  );
  const inspected = await holdfast.succeed(['inspect', 'model.pkl']);
  expect(inspected.stderr).toContain('warning:');
  const put = await holdfast.succeed(['put', 'model.pkl', '--name', 'm', '--quiet']);
  expect(put.stderr).toContain('warning: A pickle file can run code');
  const aliased = await holdfast.json<{ warnings: string[] }>(['alias', 'm', 'champion', '1']);
  expect(aliased.warnings).toHaveLength(1);
});

test('every command answers JSON with --json, and says nothing else', async () => {
  using holdfast = filled();
  const commandLines = [
    ['put', 'model.onnx', '--name', 'x', '--alias', 'champion'],
    ['get', 'x', '-o', 'copy'],
    ['ls'],
    ['ls', 'x'],
    ['show', 'x'],
    ['alias', 'x', 'staging', '1'],
    ['alias', 'x', 'staging', '--history'],
    ['alias', 'x', 'staging', '--remove'],
    ['tag', 'x', 'a=b'],
    ['inspect', 'x'],
    ['verify'],
    ['doctor'],
    ['migrate', '--dry-run'],
    ['config', 'check'],
    ['config', 'show'],
    ['config', 'schema'],
    ['completion', 'fish'],
    ['rm', 'team/other', '--all', '--yes'],
    ['init'],
  ];
  for (const commandLine of commandLines) {
    const run = await holdfast.succeed([...commandLine, '--json']);
    const lines = run.stdout.split('\n').slice(0, -1);
    expect(run.stderr).toBe('');
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(typeof JSON.parse(line)).toBe('object');
  }
});
