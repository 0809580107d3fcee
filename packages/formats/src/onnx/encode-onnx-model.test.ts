import { InvalidValueError } from '@holdfast/domain';
import { describe, expect, it } from 'vitest';
import { encodeOnnxModel, type OnnxGraph, type OnnxModel } from '../index.ts';

const identity: OnnxGraph = {
  name: 'g',
  nodes: [{ operator: 'Identity', inputs: ['x'], outputs: ['y'] }],
  inputs: [{ name: 'x', elementType: 'float32', shape: ['n', 3] }],
  outputs: [{ name: 'y', elementType: 'float32', shape: ['n', 3] }],
};
const operatorSets = [{ domain: '', version: 17 }];

describe('encodeOnnxModel', () => {
  const withTensor = (data: Uint8Array, elementType: string): OnnxModel => ({
    operatorSets,
    graph: { ...identity, initializers: [{ name: 'w', elementType, shape: [2], data }] },
  });

  it.each<[string, OnnxModel]>([
    ['no operator set', { graph: identity, operatorSets: [] }],
    ['data of the wrong length', withTensor(new Uint8Array(7), 'float32')],
    ['an unknown element type', withTensor(new Uint8Array(8), 'float31')],
    ['texts', withTensor(new Uint8Array(8), 'string')],
  ])('refuses %s', (_, model) => {
    expect(() => encodeOnnxModel(model)).toThrow(InvalidValueError);
  });
});
