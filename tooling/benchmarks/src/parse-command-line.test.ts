import { expect, it } from 'vitest';
import { allBenchmarks } from './benchmarks/all-benchmarks.ts';
import { parseCommandLine } from './parse-command-line.ts';

const parse = (...parameters: readonly string[]) => parseCommandLine(parameters, allBenchmarks);

it('takes benchmarks and groups by name, and all without one', () => {
  expect(parse().benchmarks).toEqual(allBenchmarks);
  expect(parse('streams').benchmarks.map(({ group }) => group)).toEqual(['streams', 'streams', 'streams']);
  expect(parse('put-256-kib', 'get-256-kib', '--quick')).toMatchObject({ isQuick: true, repetitions: 5 });
  expect(() => parse('nothing')).toThrow('There is no benchmark nothing.');
});

it('writes down nothing but whole groups in full', () => {
  expect(parse('streams', '--write').isWritten).toBe(true);
  expect(() => parse('--quick', '--write')).toThrow('--quick');
  expect(() => parse('--repetitions', '4', '--write')).toThrow('5 repetitions');
  expect(() => parse('put-256-kib', '--write')).toThrow('whole groups');
});

it('refuses what it does not know', () => {
  expect(() => parse('--fast')).toThrow("'--fast'");
  expect(() => parse('--repetitions', 'many')).toThrow('--repetitions');
});

it('has a name of its own for every benchmark', () => {
  const names = allBenchmarks.flatMap(({ name, group }) => [name, group]);
  expect(new Set(allBenchmarks.map(({ name }) => name)).size).toBe(allBenchmarks.length);
  expect(names.every((name) => /^[a-z0-9-]+$/.test(name))).toBe(true);
});
