import { CRC32C } from '@google-cloud/storage';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RunningCrc32c } from './running-crc32c.ts';

test('is what RFC 3720 says', () => {
  const checksum = new RunningCrc32c();
  checksum.update(new Uint8Array(32));
  expect(Buffer.from(checksum.toString(), 'base64').toString('hex')).toBe('8a9136aa');
});

test("is what Google's library computes, however the bytes come", () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });
  fc.assert(
    fc.property(pieces, (chunks) => {
      const ours = new RunningCrc32c();
      const theirs = new CRC32C();
      for (const chunk of chunks) {
        ours.update(chunk);
        theirs.update(Buffer.from(chunk));
      }
      expect(ours.toString()).toBe(theirs.toString());
    }),
  );
});
