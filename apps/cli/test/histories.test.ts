import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';
import { onnxFile, safetensorsFile } from './support/sample-files.ts';

async function filled(): Promise<Holdfast> {
  const holdfast = new Holdfast();
  holdfast.write('model.onnx', onnxFile());
  holdfast.write('weights.safetensors', safetensorsFile(1_000));
  const tagged = ['--name', 'fault-classifier', '--tag', 'stage=dev'];
  await holdfast.succeed(['put', 'model.onnx', ...tagged, '--alias', 'champion']);
  await holdfast.succeed(['put', 'weights.safetensors', '--name', 'fault-classifier']);
  return holdfast;
}

test('an alias moves, has a history, and goes', async () => {
  using holdfast = await filled();
  const moved = await holdfast.succeed(['alias', 'fault-classifier', 'champion', '2', '--expect', '1']);
  expect(moved.stdout).toBe('fault-classifier@champion\n');
  expect(moved.stderr).toContain('fault-classifier:2 (before: version 1)');
  await holdfast.succeed(['alias', 'fault-classifier', 'champion', '--remove', '--expect', '2'], {
    environment: { HOLDFAST_ACTOR: 'nightly-job' },
  });
  const history = await holdfast.json<{ moves: object[] }>([
    'alias',
    'fault-classifier',
    'champion',
    '--history',
  ]);
  expect(history.moves).toMatchObject([
    { from: null, to: 1, by: userInfo().username },
    { from: 1, to: 2, by: userInfo().username },
    { from: 2, to: null, by: 'nightly-job' },
  ]);
  expect((await holdfast.succeed(['alias', 'fault-classifier', 'champion', '--history'])).stdout).toMatch(
    /2\s+removed\s+nightly-job\n$/,
  );
  expect((await holdfast.run(['alias', 'fault-classifier', 'champion', '--remove'])).exitCode).toBe(3);
  expect((await holdfast.run(['alias', 'fault-classifier', 'champion'])).exitCode).toBe(2);
});

test('show has every change of a tag, with when and who', async () => {
  using holdfast = await filled();
  const environment = { HOLDFAST_ACTOR: 'ana' };
  await holdfast.succeed(['tag', 'fault-classifier:1', 'stage=gold'], { environment });
  await holdfast.succeed(['tag', 'fault-classifier:1', '--remove', 'stage'], { environment });
  await holdfast.succeed(['tag', 'fault-classifier', '--model', 'team=a'], { environment });
  const { stdout } = await holdfast.succeed(['show', 'fault-classifier:1']);
  expect(stdout).toMatch(
    /History\n {2}\S+ \S+ {2}tag stage: dev → gold, by ana\n.*tag stage: gold → removed, by ana/,
  );
  expect(stdout).toMatch(/History of the model\n.*tag team: - → a, by ana/);
  expect(await holdfast.json(['show', 'fault-classifier:1'])).toMatchObject({
    history: [
      { field: 'tag', tag: 'stage', from: 'dev', to: 'gold', by: 'ana' },
      { from: 'gold', by: 'ana' },
    ],
    modelHistory: [{ field: 'tag', tag: 'team', to: 'a', by: 'ana' }],
  });
  const refused = await holdfast.run(['tag', 'fault-classifier:1', 'a=b'], {
    environment: { HOLDFAST_ACTOR: 'two\nlines' },
  });
  expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('actor') });
});
