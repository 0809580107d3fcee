import { describe, expect, it } from 'vitest';
import { ResourceOwner } from './resource-owner.ts';

function fakes() {
  const closed: string[] = [];
  const fake = (name: string, failure?: Error): AsyncDisposable => ({
    [Symbol.asyncDispose]: async () => {
      closed.push(name);
      if (failure !== undefined) throw failure;
    },
  });
  return { closed, fake };
}

const itself = (resource: AsyncDisposable) => resource;

describe('ResourceOwner', () => {
  it('closes what was opened, the last first, once, and not what was never opened', async () => {
    const { closed, fake } = fakes();
    const owner = new ResourceOwner();
    owner.own(fake('first'));
    const second = owner.lazily(async () => fake('second'), { own: itself });
    owner.lazily(async () => fake('never'), { own: itself });
    const third = owner.lazily(async () => fake('third'), { own: itself });
    await third();
    await second();
    await Promise.all([owner[Symbol.asyncDispose](), owner[Symbol.asyncDispose]()]);
    await owner[Symbol.asyncDispose]();
    expect(closed).toEqual(['second', 'third', 'first']);
  });

  it('opens once, however many ask at the same time', async () => {
    let count = 0;
    const owner = new ResourceOwner();
    const open = owner.lazily(async () => ++count);
    expect(await Promise.all([open(), open(), open()])).toEqual([1, 1, 1]);
    expect(await open()).toBe(1);
  });

  it('tries again after a failure, and owns nothing that failed', async () => {
    const { closed, fake } = fakes();
    const owner = new ResourceOwner();
    let tries = 0;
    const open = owner.lazily(
      async () => {
        if (++tries === 1) throw new Error('busy');
        return fake('opened');
      },
      { own: itself },
    );
    await expect(open()).rejects.toThrow('busy');
    await open();
    await owner[Symbol.asyncDispose]();
    expect([tries, closed]).toEqual([2, ['opened']]);
  });

  it('closes what is being opened while it ends, and opens nothing afterwards', async () => {
    const { closed, fake } = fakes();
    const owner = new ResourceOwner();
    const { promise, resolve } = Promise.withResolvers<AsyncDisposable>();
    const slow = owner.lazily(() => promise, { own: itself });
    const opening = slow();
    const ending = owner[Symbol.asyncDispose]();
    resolve(fake('slow'));
    await Promise.all([opening, ending]);
    expect(closed).toEqual(['slow']);
    await expect(slow()).rejects.toThrow('disposed');
    await expect(owner.lazily(async () => fake('late'))()).rejects.toThrow('disposed');
  });

  it('closes the rest when something fails to close', async () => {
    const { closed, fake } = fakes();
    const one = new ResourceOwner();
    one.own(fake('a'));
    one.own(fake('b', new Error('b would not close')));
    one.own(fake('c'));
    await expect(one[Symbol.asyncDispose]()).rejects.toThrow('b would not close');
    expect(closed).toEqual(['c', 'b', 'a']);
    const two = new ResourceOwner();
    two.own(fake('d', new Error('d')));
    two.own(fake('e', new Error('e')));
    await expect(two[Symbol.asyncDispose]()).rejects.toMatchObject({
      errors: [{ message: 'e' }, { message: 'd' }],
    });
  });
});
