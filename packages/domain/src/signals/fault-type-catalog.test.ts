import { describe, expect, test } from 'vitest';
import { FaultTypeCatalog } from './fault-type-catalog.ts';
import type { FaultTypeDeclaration } from './fault-type.ts';

describe('FaultTypeCatalog', () => {
  test('begins with eleven classes, whose numbers never change', () => {
    expect(FaultTypeCatalog.standard().types.map(({ number, name }) => [number, name])).toEqual([
      [0, 'sain'],
      [1, 'desalignement'],
      [2, 'desequilibre'],
      [3, 'jeu'],
      [4, 'lubrification'],
      [5, 'cavitation'],
      [6, 'usure'],
      [7, 'oilwhirl'],
      [8, 'mixed_misalign_imbalance'],
      [9, 'mixed_wear_lube'],
      [10, 'mixed_cavit_jeu'],
    ]);
  });

  test('gives a new class the next number, and no number twice', () => {
    const grown = FaultTypeCatalog.standard().with({ name: 'inner_race' }, { name: 'ball', number: 20 });
    expect(grown.find('inner_race')?.number).toBe(21);
    const retired = FaultTypeCatalog.of([{ name: 'old', number: 5, isRetired: true }, { name: 'new' }]);
    expect(retired.find('new')?.number).toBe(6);
    expect(retired.find('old')).toBeUndefined();
    expect(retired.ofNumber(5)?.name).toBe('old');
    expect(() => FaultTypeCatalog.standard().with({ name: 'ball', number: 3 })).toThrow(
      'number 3 of ball is already that of jeu',
    );
  });

  test('finds a class in any spelling of its name and aliases', () => {
    const catalog = FaultTypeCatalog.of([{ name: 'inner_race', aliases: ['Défaut interne', 'IR'] }]);
    for (const text of ['inner_race', 'Inner Race', 'inner-race', 'defaut_interne', 'DÉFAUT INTERNE', 'ir'])
      expect(catalog.find(text)?.name, text).toBe('inner_race');
    expect(catalog.find('race')).toBeUndefined();
  });

  test.each([
    ['OR007@6_0.mat', 'outer_race'],
    ['data/IR021_2.mat', 'inner_race'],
    ['Normal_0.mat', 'normal'],
    ['B007_0.MAT', 'ball'],
    ['OR014@3_1.mat', 'outer_race_at_3'],
    ['run 7 ball.npy', 'ball'],
    ['football.npy', undefined],
    ['X097.mat', undefined],
  ])('of the file %s', (fileName, expected) => {
    const catalog = FaultTypeCatalog.of([
      { name: 'normal', patterns: ['Normal*'] },
      { name: 'ball', patterns: ['B0??_*'] },
      { name: 'inner_race', patterns: ['IR*'] },
      { name: 'outer_race', patterns: ['OR*'] },
      { name: 'outer_race_at_3', patterns: ['OR*@3*'] },
    ]);
    expect(catalog.ofFileName(fileName)?.name).toBe(expected);
  });

  test('of two names in the name of a file the longer one counts', () => {
    const catalog = FaultTypeCatalog.standard();
    expect(catalog.ofFileName('mixed_wear_lube_03.mat')?.name).toBe('mixed_wear_lube');
    expect(catalog.ofFileName('Jeu-12.mat')?.name).toBe('jeu');
  });

  test.each([
    [{ name: 'Not allowed' }, 'name "Not allowed" must be up to 63'],
    [{ name: 'a', number: -1 }, 'number -1 must be an integer from 0 on'],
    [{ name: 'a', aliases: ['--'] }, 'alias "--" must hold letters or digits'],
    [{ name: 'a', patterns: ['a/b'] }, 'pattern "a/b" must be the name of a file'],
    [{ name: 'a', aliases: ['SAIN'] }, 'name "sain" of a is already a name of sain'],
    [null, 'fault type null must be an object with a name'],
    [{ name: 'a', patterns: 'IR*' }, 'patterns "IR*" must be a list of texts'],
    [{ name: 'a', aliases: [5] }, 'must be a list of texts'],
  ])('refuses %j', (declaration, message) => {
    expect(() => FaultTypeCatalog.standard().with(declaration as FaultTypeDeclaration)).toThrow(message);
  });
});
