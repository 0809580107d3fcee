import { describeStorageAdapter, quirksOf } from '@holdfast/conformance';
import { versitygw, withServer } from '@holdfast/tooling-services';
import { S3TestServer } from './s3-test-server.ts';

const opened = await S3TestServer.open(versitygw);

withServer(opened, (server) => {
  describeStorageAdapter('S3StorageAdapter on versitygw', {
    capabilities: server.adapter({ bucket: 'b' }).capabilities,
    createStore: async () => {
      const bucket = await server.makeBucket();
      return { open: () => server.adapter({ bucket }) };
    },
    openMissing: () => server.adapter({ bucket: 'no-such-bucket' }),
    borderSizesBytes: [5 * 1_048_576],
    caseTimeoutMs: 60_000,
    quirks: {
      ...quirksOf(
        {
          fails: 'always',
          reason: 'versitygw keeps objects as files, so that "a" cannot be beside "a/b"',
          shows: /keeps objects as files, and cannot keep one beside others/,
        },
        [
          'keeps keys as they are: emoji and other characters beyond the basic plane',
          'keeps keys as they are: a key beside keys that it is the beginning of',
          'lists every key once in pages of 1',
          'lists every key once in pages of 2',
          'lists every key once in pages of 3',
          'lists every key once in pages of 10',
          'lists every key once in pages of 1000',
          'lists in the order of the UTF-8 bytes at every page size',
          'takes a prefix as the beginning of a text, not as a folder',
          'folds keys by a delimiter',
          'starts after a key, not at it',
          'starts after a key within a prefix',
          'lists any keys by any options as the contract says',
          'copies below a key of the same beginning',
          'leaves keys that only look alike',
          'keeps the content type',
          'copies metadata, or replaces it where it is given',
        ],
      ),
      ...quirksOf(
        {
          fails: 'always',
          reason: 'versitygw ignores encoding-type=url, and XML has no U+FFFF',
          shows: /the listing is out of order: "\uFFFD" comes after "\uFFFD"/,
        },
        ['keeps keys as they are: rare characters of the basic plane'],
      ),
      ...quirksOf(
        { fails: 'sometimes', reason: 'some random keys are of those that versitygw cannot keep or list' },
        ['keeps any keys apart'],
      ),
      ...quirksOf(
        {
          fails: 'sometimes',
          reason: 'versitygw says of an object that is gone that it was deleted by a conditional delete',
        },
        ['lets one of many deleters of one state win'],
      ),
    },
  });
});
