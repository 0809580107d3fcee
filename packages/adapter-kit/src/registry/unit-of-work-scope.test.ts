import { describe, expect, test } from 'vitest';
import { RegistryErrors } from './registry-errors.ts';
import { UnitOfWorkScope } from './unit-of-work-scope.ts';

const errors = new RegistryErrors('x-cards');
const refusal = expect.objectContaining({
  code: 'invalid-argument',
  operation: 'models.save',
  backend: 'x-cards',
});

describe('UnitOfWorkScope', () => {
  test('refuses inside a unit, also after waiting, and answers what the work answers', async () => {
    const scope = new UnitOfWorkScope(errors);
    const answer = await scope.run({ ended: false }, async () => {
      expect(() => scope.checkOutside('models.save')).toThrow(refusal);
      await new Promise(setImmediate);
      expect(() => scope.checkOutside('models.save')).toThrow(refusal);
      return 7;
    });
    expect(answer).toBe(7);
  });

  test('lets through what is outside, while a unit runs and after it', async () => {
    const scope = new UnitOfWorkScope(errors);
    const { promise, resolve } = Promise.withResolvers<void>();
    const work = scope.run({ ended: false }, () => promise);
    expect(() => scope.checkOutside('models.save')).not.toThrow();
    resolve();
    await work;
    expect(() => scope.checkOutside('models.save')).not.toThrow();
  });

  test('lets through what a unit left behind when it ended', () => {
    const scope = new UnitOfWorkScope(errors);
    const unit = { ended: false };
    scope.run(unit, () => {
      unit.ended = true;
      expect(() => scope.checkOutside('models.save')).not.toThrow();
    });
  });

  test('keeps registries apart', () => {
    const other = new UnitOfWorkScope(errors);
    new UnitOfWorkScope(errors).run({ ended: false }, () => {
      expect(() => other.checkOutside('models.save')).not.toThrow();
    });
  });
});
