import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { Holdfast } from './support/holdfast.ts';

test.each([
  ['bash', ['-n']],
  ['zsh', ['-n']],
  ['fish', ['--no-execute']],
])('the script for %s is understood by it', async (shell, flags) => {
  using holdfast = new Holdfast();
  const { stdout } = await holdfast.succeed(['completion', shell]);
  expect(stdout).toContain('holdfast');
  if (spawnSync(shell, ['--version']).error !== undefined) return;
  const path = holdfast.write('script', stdout);
  expect(spawnSync(shell, [...flags, path], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
});

test.each([
  ['holdfast pu', 'put'],
  ['holdfast put --na', '--name'],
  ['holdfast put model.onnx --format saf', 'safetensors'],
  ['holdfast config sch', 'schema'],
  ['holdfast completion ba', 'bash'],
  ['holdfast show fault', 'fault-classifier'],
  ['holdfast get -o x.onnx fault', 'fault-classifier'],
  ['holdfast put x --name fau', 'fault-classifier'],
  ['holdfast get fault-classifier:', '12'],
  ['holdfast get fault-classifier:1', '12'],
  ['holdfast get fault-classifier@ch', 'champion'],
  ['holdfast put x --store la', 'lake'],
  ['holdfast get fault-classifier:1 -o x.onnx --for', '--force'],
  ['holdfast alias fault-classifier ch', 'champion'],
])('bash completes %j with %s', async (line, expected) => {
  using holdfast = new Holdfast();
  const script = holdfast.write('script', (await holdfast.succeed(['completion', 'bash'])).stdout);
  const code = `
    holdfast() {
      case "$*" in
        'completion --list reference --word fault-classifier:'*) echo fault-classifier:12 ;;
        'completion --list reference --word fault-classifier@'*) echo fault-classifier@champion ;;
        'completion --list alias --word '*) echo champion ;;
        'completion --list store --word '*) echo lake ;;
        'completion --list model --word '*|'completion --list reference --word '*) echo fault-classifier ;;
      esac
    }
    source ${script}
    COMP_LINE='${line}'; COMP_POINT=${line.length}
    _holdfast
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = spawnSync('bash', ['-c', code], { encoding: 'utf8' });
  expect(stdout.trim().split('\n')).toEqual([expected]);
});

test('the names that scripts ask for come from the configuration and the registry', async () => {
  using holdfast = new Holdfast();
  holdfast.write('file', 'bytes');
  await holdfast.succeed(['put', 'file', '--name', 'team/model', '--alias', 'champion']);
  const list = async (kind: string, word: string) =>
    (await holdfast.succeed(['completion', '--list', kind, '--word', word])).stdout;
  expect(await list('model', 'te')).toBe('team/model\n');
  expect(await list('reference', 'team/model:')).toBe('team/model:1\n');
  expect(await list('reference', 'team/model@')).toBe('team/model@champion\n');
  expect(await list('alias', '')).toBe('champion\n');
  expect(await list('store', '')).toBe('default\n');
  expect(await holdfast.run(['completion', '--list', 'cat'])).toMatchObject({ exitCode: 2, stdout: '' });
});
