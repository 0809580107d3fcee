import { failureOf } from '@holdfast/conformance';
import { parseObjectKey } from '@holdfast/domain';
import { versitygw } from '@holdfast/tooling-services';
import { describe, expect, test } from 'vitest';
import { adapterOf, answeringS3, refusal, xml } from './answering-s3.ts';
import { S3TestServer } from './s3-test-server.ts';

const fake = answeringS3();
const server = await S3TestServer.open(versitygw);

describe.skipIf(server === undefined)('uploads that killed writers left open', () => {
  const client = server?.client;

  async function begin(bucket: string, key: string, sizes: readonly number[]): Promise<void> {
    const begun = await client?.createMultipartUpload({ Bucket: bucket, Key: key });
    for (const [index, size] of sizes.entries())
      await client?.uploadPart({
        Bucket: bucket,
        Key: key,
        UploadId: begun?.UploadId,
        PartNumber: index + 1,
        Body: Buffer.alloc(size),
      });
  }

  async function openKeys(bucket: string): Promise<readonly (string | undefined)[]> {
    const { Uploads = [] } = (await client?.listMultipartUploads({ Bucket: bucket })) ?? {};
    return Uploads.map(({ Key }) => Key);
  }

  test('are ended when no writer needs them, and others stay', async () => {
    const bucket = (await server?.makeBucket()) ?? '';
    await using adapter = server?.adapter({ bucket, prefix: 'team/' });
    if (adapter === undefined) return;
    await begin(bucket, 'team/needed', [10]);
    await begin(bucket, 'team/left é', [5_242_880, 7]);
    await begin(bucket, 'elsewhere', []);
    const whyKept = async (key: string): Promise<string | undefined> =>
      key === 'needed' ? 'it is needed' : undefined;
    const report = {
      removed: [
        { name: 'left é', sizeBytes: 5_242_887, reason: expect.stringContaining('killed') as string },
      ],
      kept: [{ name: 'needed', sizeBytes: 10, reason: 'it is needed' }],
    };
    const { maintenance } = adapter;
    expect(await maintenance?.collectLeftovers({ isDryRun: true, whyKept })).toEqual(report);
    expect(await openKeys(bucket)).toHaveLength(3);
    expect((await maintenance?.collectLeftovers())?.kept).toHaveLength(2);
    expect(await maintenance?.collectLeftovers({ whyKept })).toEqual(report);
    expect(new Set(await openKeys(bucket))).toEqual(new Set(['elsewhere', 'team/needed']));
    await adapter.put(parseObjectKey('left é'), Buffer.from('again'));
    expect(await Array.fromAsync(maintenance?.checkRecords() ?? [])).toEqual([]);
  });
});

function page(entries: string, fields = '<IsTruncated>false</IsTruncated>'): ReturnType<typeof xml> {
  return xml(
    `<ListMultipartUploadsResult><Bucket>models</Bucket>${fields}${entries}</ListMultipartUploadsResult>`,
  );
}

const truncated = '<IsTruncated>true</IsTruncated>';
const upload = (key: string): string => `<Upload><Key>${key}</Key><UploadId>id-${key}</UploadId></Upload>`;

test('pages of uploads are followed to the end', async () => {
  const asked: string[] = [];
  fake.answer = ({ url = '' }) => {
    if (url.includes('uploadId=')) return xml('<ListPartsResult></ListPartsResult>');
    asked.push(url);
    const next = '<NextKeyMarker>a</NextKeyMarker><NextUploadIdMarker>id-a</NextUploadIdMarker>';
    return url.includes('key-marker=a') ? page(upload('b')) : page(upload('a'), truncated + next);
  };
  await using adapter = adapterOf();
  const report = await adapter.maintenance?.collectLeftovers({ isDryRun: true });
  expect(report?.kept.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(asked).toHaveLength(2);
});

test.each([
  ['goes on nowhere', page(upload('a'), truncated), /listing of uploads is incomplete/],
  ['has an upload without an id', page('<Upload><Key>a</Key></Upload>'), /no upload id/],
  [
    'is of nothing',
    xml('<ListMultipartUploadsResult></ListMultipartUploadsResult>'),
    /no name of the bucket/,
  ],
  ['is denied', refusal(403, 'AccessDenied', 'no'), /do not allow/],
])('a listing of uploads that %s is an error', async (_how, answer, message) => {
  fake.answer = ({ url = '' }) =>
    url.includes('uploadId=') ? xml('<ListPartsResult></ListPartsResult>') : answer;
  await using adapter = adapterOf();
  const collected = async (): Promise<unknown> => adapter.maintenance?.collectLeftovers();
  expect((await failureOf(collected())).message).toMatch(message);
});
