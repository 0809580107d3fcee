import { expect, it } from 'vitest';
import { nodeDeflate, nodeInflate } from '../../test/support/node-inflate.ts';
import { refusalOf } from '../../test/support/refusal-of.ts';
import { bytesSource, inspect, readTorch } from '../index.ts';
import { concatenateBytes } from '../source/concatenate-bytes.ts';
import { type NewZipMember, ZipWriter } from '../zip/zip-writer.ts';

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

function archive(member: Omit<NewZipMember, 'path'>): Uint8Array {
  const zip = new ZipWriter();
  const pieces = zip.add({ ...member, path: 'archive/data.pkl' });
  return concatenateBytes([...pieces, zip.finish()]);
}

const withPickle = (body: string): Uint8Array => archive({ pieces: [latin1(`\x80\x02${body}.`)] });

it('a compressed pickle that would be large is refused before it is inflated', async () => {
  const zeros = await nodeDeflate(new Uint8Array(100_000), { encoding: 'deflate-raw' });
  const bytes = archive({ pieces: [zeros], deflated: { sizeBytes: 2 ** 26 + 1, crc32: 0 } });
  const refusal = await refusalOf(() => readTorch(bytes, { inflate: nodeInflate }));
  expect(refusal).toMatchObject({ isUnsupported: true });
  expect(refusal.reason).toBe('archive/data.pkl has 67108865 bytes; 67108864 are read');
  let inflatedBytes = 0;
  await inspect(bytesSource(bytes), {
    inflate: (compressed, request) => {
      inflatedBytes = Math.max(inflatedBytes, request.limitBytes);
      return nodeInflate(compressed, request);
    },
  });
  expect(inflatedBytes).toBeLessThanOrEqual(2 ** 26);
});

it('what makes containers and objects counts as several opcodes', async () => {
  expect((await readTorch(withPickle('N'.repeat(90)), { mostOpcodes: 100 })).value).toBe(null);
  for (const body of [
    '}'.repeat(20),
    ')'.repeat(60),
    `ccollections\nOrderedDict\nq\x00${'h\x00)R'.repeat(15)}`,
  ])
    expect((await refusalOf(() => readTorch(withPickle(body), { mostOpcodes: 100 }))).reason).toBe(
      'the pickle has more than 100 opcodes',
    );
});

it('a number of more than 64 KiB is refused', async () => {
  const body = `\x8b\x01\x00\x01\x00${'a'.repeat(65_537)}`;
  expect((await refusalOf(() => readTorch(withPickle(body)))).reason).toBe('the pickle makes no sense');
});
