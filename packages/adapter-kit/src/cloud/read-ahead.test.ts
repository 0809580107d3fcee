import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAhead } from './read-ahead.ts';

const turn = (): Promise<void> => new Promise(setImmediate);

/** Pieces that count how many of them are under way. */
class CountedPieces {
  numUnderWay = 0;
  mostUnderWay = 0;
  numStopped = 0;

  *of(lengths: readonly (readonly number[])[]): Generator<AsyncIterable<Uint8Array>> {
    for (const [index, chunks] of lengths.entries()) yield this.#piece(index, chunks);
  }

  readonly stop = (): void => void this.numStopped++;

  async *#piece(index: number, chunks: readonly number[]): AsyncGenerator<Uint8Array> {
    this.numUnderWay++;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.numUnderWay);
    for (const length of chunks) {
      for (let turns = 0; turns < length % 3; turns++) await turn();
      yield new Uint8Array(length).fill(index);
    }
    this.numUnderWay--;
  }
}

test('gives the bytes of all pieces in order, with no more under way than may be', async () => {
  const chunks = fc.array(fc.nat(50), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(chunks, { maxLength: 8 }),
      fc.integer({ min: 1, max: 4 }),
      async (pieces, atOnce) => {
        const counted = new CountedPieces();
        const found: number[] = [];
        for await (const chunk of readAhead(counted.of(pieces), {
          pieceBytes: 300,
          atOnce,
          stop: counted.stop,
        })) {
          found.push(...chunk);
          if (found.length % 2 === 0) await turn();
        }
        expect(found).toEqual(
          pieces.flatMap((lengths, index) => lengths.flatMap((length) => Array(length).fill(index))),
        );
        expect(counted.mostUnderWay).toBeLessThanOrEqual(atOnce);
        expect([counted.numUnderWay, counted.numStopped]).toEqual([0, 1]);
      },
    ),
  );
});

test('fetches others while the first is waited for', async () => {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  async function* slow(): AsyncGenerator<Uint8Array> {
    await opened;
    yield Uint8Array.of(1);
  }
  async function* quick(): AsyncGenerator<Uint8Array> {
    open();
    yield Uint8Array.of(2);
  }
  const chunks = await Array.fromAsync(
    readAhead([slow(), quick()].values(), { pieceBytes: 300, atOnce: 2, stop: () => undefined }),
  );
  expect(chunks.flatMap((chunk) => [...chunk])).toEqual([1, 2]);
});

test('throws what a piece throws when all before it was read, and stops the others', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Uint8Array.of(2);
    throw new Error('broken');
  }
  const counted = new CountedPieces();
  const pieces = [...counted.of([[1, 1]]), broken(), ...counted.of([[4]])];
  const found: number[] = [];
  const reading = (async () => {
    for await (const chunk of readAhead(pieces.values(), {
      pieceBytes: 300,
      atOnce: 3,
      stop: counted.stop,
    })) {
      await turn();
      found.push(chunk.byteLength);
    }
  })();
  await expect(reading).rejects.toThrow('broken');
  expect(found.reduce((sum, length) => sum + length)).toBe(3);
  expect(counted.numStopped).toBe(1);
});

test('stops what is under way when its reader leaves', async () => {
  const counted = new CountedPieces();
  for await (const chunk of readAhead(counted.of([[9], [9], [9]]), {
    pieceBytes: 300,
    atOnce: 2,
    stop: counted.stop,
  }))
    if (chunk.byteLength > 0) break;
  expect(counted.numStopped).toBe(1);
});
