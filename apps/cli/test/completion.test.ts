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
  ['holdfast show fault', 'fault-classifier'],
  ['holdfast get -o x.onnx fault', 'fault-classifier'],
  ['holdfast put x --name fau', 'fault-classifier'],
])('bash completes %j with %s', async (line, expected) => {
  using holdfast = new Holdfast();
  const script = holdfast.write('script', (await holdfast.succeed(['completion', 'bash'])).stdout);
  const words = line.split(' ');
  const code = `
    holdfast() { [[ "$*" == 'ls --names' ]] && echo fault-classifier; }
    source ${script}
    COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}
    _holdfast
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = spawnSync('bash', ['-c', code], { encoding: 'utf8' });
  expect(stdout.trim().split('\n')).toEqual([expected]);
});
