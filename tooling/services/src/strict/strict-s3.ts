import { createHash, randomUUID } from 'node:crypto';
import { type Decision, type StrictCondition, type StrictObject, StrictObjects } from './strict-objects.ts';
import { type StrictAnswer, type StrictRequest, StrictServer, rangeOf } from './strict-server.ts';
import { elementsOf, escapeXml, unescapeXml } from './xml-text.ts';

/** What a strict server of S3 does with what other servers treat otherwise. */
export interface StrictS3Options {
  /** `decided`, as Amazon documents it; `ignored` and `refused`, as other servers do. @default 'decided' */
  readonly conditions?: 'decided' | 'ignored' | 'refused';
  /** Whether `x-amz-checksum-…` is taken. @default true */
  readonly takesChecksums?: boolean;
}

interface OpenUpload {
  readonly name: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly parts: Map<number, Buffer>;
}

/**
 * The part of S3 that stores use, in memory, strict about conditions as its vendor documents them:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html and conditional-deletes.html. It has
 * every bucket and checks no signature.
 */
export class StrictS3 extends StrictServer {
  readonly #buckets = new Map<string, StrictObjects>();
  readonly #uploads = new Map<string, OpenUpload>();
  readonly #options: Required<StrictS3Options>;

  constructor(options: StrictS3Options = {}) {
    super();
    this.#options = { conditions: 'decided', takesChecksums: true, ...options };
  }

  protected override answer(request: StrictRequest): StrictAnswer {
    const checksum = Object.keys(request.headers).find((name) => name.startsWith('x-amz-checksum-'));
    if (!this.#options.takesChecksums && checksum !== undefined)
      return refusal(400, 'InvalidArgument', `Unsupported header ${checksum} received for this API call.`);
    const isConditional = 'if-match' in request.headers || 'if-none-match' in request.headers;
    const isWrite = request.method !== 'GET' && request.method !== 'HEAD';
    if (this.#options.conditions === 'refused' && isConditional && isWrite)
      return refusal(
        501,
        'NotImplemented',
        'A header you provided implies functionality that is not implemented',
      );
    const [, bucket = '', ...segments] = request.path.split('/').map(decodeURIComponent);
    const name = segments.join('/');
    const objects = this.#buckets.get(bucket) ?? new StrictObjects();
    this.#buckets.set(bucket, objects);
    if (name === '') return this.#answerBucket(bucket, objects, request);
    if (request.query.has('uploadId') || request.query.has('uploads'))
      return this.#answerUpload(objects, name, request);
    switch (request.method) {
      case 'PUT':
        return this.#put(objects, name, request);
      case 'DELETE':
        return deletionOf(objects.remove(name, this.#conditionOf(request)));
      default:
        return read(objects.find(name), request);
    }
  }

  #answerBucket(
    bucket: string,
    objects: StrictObjects,
    { method, query, body }: StrictRequest,
  ): StrictAnswer {
    if (method === 'POST') {
      const names = elementsOf(body.toString(), 'Key').map(unescapeXml);
      for (const name of names) objects.remove(name, undefined);
      const deleted = names.map((name) => `<Deleted><Key>${escapeXml(name)}</Key></Deleted>`);
      return xml('DeleteResult', deleted.join(''));
    }
    if (query.has('uploads')) return this.#listUploads(bucket);
    const page = objects.list({
      prefix: query.get('prefix') ?? '',
      delimiter: query.get('delimiter') ?? undefined,
      after: query.get('continuation-token') ?? query.get('start-after') ?? '',
      limit: Number(query.get('max-keys') ?? 1_000),
    });
    const spell = (text: string): string => encodeURIComponent(text);
    const contents = page.objects.map(
      ([name, { bytes, state, modified }]) =>
        `<Contents><Key>${spell(name)}</Key><LastModified>${modified.toISOString()}</LastModified><ETag>&quot;${state}&quot;</ETag><Size>${bytes.byteLength}</Size></Contents>`,
    );
    const folded = page.prefixes.map(
      (prefix) => `<CommonPrefixes><Prefix>${spell(prefix)}</Prefix></CommonPrefixes>`,
    );
    const token =
      page.next === undefined ? '' : `<NextContinuationToken>${escapeXml(page.next)}</NextContinuationToken>`;
    const head = `<Name>${bucket}</Name><EncodingType>url</EncodingType><KeyCount>${contents.length + folded.length}</KeyCount><IsTruncated>${page.next !== undefined}</IsTruncated>`;
    return xml('ListBucketResult', head + token + contents.join('') + folded.join(''));
  }

  #put(objects: StrictObjects, name: string, request: StrictRequest): StrictAnswer {
    const copied = this.#sourceOf(request);
    if (copied !== undefined && 'status' in copied) return copied;
    const bytes = copied?.bytes ?? request.body;
    const sent = request.headers['x-amz-checksum-sha256'];
    if (sent !== undefined && sent !== createHash('sha256').update(bytes).digest('base64'))
      return refusal(400, 'BadDigest', 'The SHA256 you specified did not match.');
    const object = { bytes, state: md5Of(bytes), ...descriptionOf(request), modified: new Date() };
    const refused = writeRefusal(objects.write(name, object, this.#conditionOf(request)));
    if (refused !== undefined) return refused;
    if (copied !== undefined) return xml('CopyObjectResult', `<ETag>"${object.state}"</ETag>`);
    const stated: Readonly<Record<string, string>> =
      sent === undefined ? {} : { 'x-amz-checksum-sha256': sent };
    return { status: 200, headers: { etag: `"${object.state}"`, ...stated } };
  }

  #answerUpload(objects: StrictObjects, name: string, request: StrictRequest): StrictAnswer {
    const { method, query, body } = request;
    if (query.has('uploads')) {
      const id = randomUUID();
      this.#uploads.set(id, { name, ...descriptionOf(request), parts: new Map() });
      return xml('InitiateMultipartUploadResult', `<UploadId>${id}</UploadId>`);
    }
    const id = query.get('uploadId') ?? '';
    const upload = this.#uploads.get(id);
    if (upload === undefined) return refusal(404, 'NoSuchUpload', 'The upload does not exist.');
    if (method === 'GET')
      return xml(
        'ListPartsResult',
        [...upload.parts.values()].map((part) => `<Part><Size>${part.byteLength}</Size></Part>`).join(''),
      );
    if (method === 'DELETE') {
      this.#uploads.delete(id);
      return { status: 204 };
    }
    if (method === 'PUT') {
      const copied = this.#sourceOf(request);
      if (copied !== undefined && 'status' in copied) return copied;
      const range = rangeOf(request.headers['x-amz-copy-source-range'], copied?.bytes.byteLength ?? 0);
      const part = copied === undefined ? body : copied.bytes.subarray(range?.first, (range?.last ?? 0) + 1);
      upload.parts.set(Number(query.get('partNumber')), Buffer.from(part));
      const etag = `"${md5Of(part)}"`;
      return copied === undefined
        ? { status: 200, headers: { etag } }
        : xml('CopyPartResult', `<ETag>${etag}</ETag>`);
    }
    return this.#complete(objects, id, request);
  }

  #complete(objects: StrictObjects, id: string, request: StrictRequest): StrictAnswer {
    const upload = this.#uploads.get(id) as OpenUpload;
    const numbers = elementsOf(request.body.toString(), 'PartNumber').map(Number);
    const parts = numbers.map((number) => upload.parts.get(number) ?? Buffer.alloc(0));
    const digests = parts.map((part) => createHash('md5').update(part).digest());
    const { name, contentType, metadata } = upload;
    const state = `${md5Of(Buffer.concat(digests))}-${parts.length}`;
    const object = { bytes: Buffer.concat(parts), state, contentType, metadata, modified: new Date() };
    const refused = writeRefusal(objects.write(name, object, this.#conditionOf(request)));
    if (refused !== undefined) return refused;
    this.#uploads.delete(id);
    return xml('CompleteMultipartUploadResult', `<ETag>"${state}"</ETag>`);
  }

  #listUploads(bucket: string): StrictAnswer {
    const uploads = [...this.#uploads].map(
      ([id, { name }]) => `<Upload><Key>${encodeURIComponent(name)}</Key><UploadId>${id}</UploadId></Upload>`,
    );
    return xml(
      'ListMultipartUploadsResult',
      `<Bucket>${bucket}</Bucket><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>${uploads.join('')}`,
    );
  }

  #conditionOf({ headers }: StrictRequest): StrictCondition {
    if (this.#options.conditions === 'ignored') return undefined;
    if (headers['if-none-match'] === '*') return { isAbsent: true };
    const match = headers['if-match'];
    return match === undefined ? undefined : { state: match.replaceAll('"', '') };
  }

  /** The object that a copy names, in the state that it names. */
  #sourceOf({ headers }: StrictRequest): StrictObject | StrictAnswer | undefined {
    const source = headers['x-amz-copy-source'];
    if (source === undefined) return undefined;
    const [bucket = '', ...segments] = source.replace(/^\//, '').split('/').map(decodeURIComponent);
    const object = this.#buckets.get(bucket)?.find(segments.join('/'));
    if (object === undefined) return refusal(404, 'NoSuchKey', 'The specified key does not exist.');
    const wanted = headers['x-amz-copy-source-if-match']?.replaceAll('"', '') ?? object.state;
    return wanted === object.state ? object : failedCondition;
  }
}

function read(object: StrictObject | undefined, { method, headers }: StrictRequest): StrictAnswer {
  if (object === undefined)
    return method === 'HEAD'
      ? { status: 404 }
      : refusal(404, 'NoSuchKey', 'The specified key does not exist.');
  const { bytes, state, contentType, metadata, modified } = object;
  const etag = `"${state}"`;
  if ((headers['if-match'] ?? etag) !== etag) return failedCondition;
  if (headers['if-none-match'] === etag) return { status: 304, headers: { etag } };
  const range = rangeOf(headers['range'], bytes.byteLength);
  const isEmpty = bytes.byteLength === 0;
  if (range === undefined && (!isEmpty || 'range' in headers))
    return refusal(416, 'InvalidRange', 'The requested range is not satisfiable');
  const told = {
    etag,
    'content-type': contentType,
    'last-modified': modified.toUTCString(),
    ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
  };
  if (method === 'HEAD')
    return { status: 200, headers: { ...told, 'content-length': String(bytes.byteLength) } };
  if (range === undefined || !('range' in headers)) return { status: 200, headers: told, body: bytes };
  const { first, last } = range;
  const partial = { ...told, 'content-range': `bytes ${first}-${last}/${bytes.byteLength}` };
  return { status: 206, headers: partial, body: bytes.subarray(first, last + 1) };
}

/** Amazon: 204 where it matches or none is asked for, 412 where it does not, 404 where nothing is there. */
function deletionOf(decision: Decision): StrictAnswer {
  return writeRefusal(decision) ?? { status: 204 };
}

/** Amazon: 412 where a condition fails, 404 where If-Match meets nothing. */
function writeRefusal(decision: Decision): StrictAnswer | undefined {
  if (decision === 'holds') return undefined;
  return decision === 'fails'
    ? failedCondition
    : refusal(404, 'NoSuchKey', 'The specified key does not exist.');
}

function descriptionOf({ headers }: StrictRequest): Pick<StrictObject, 'contentType' | 'metadata'> {
  const metadata = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith('x-amz-meta-') ? [[name.slice('x-amz-meta-'.length), value]] : [],
  );
  return {
    contentType: headers['content-type'] ?? 'binary/octet-stream',
    metadata: Object.fromEntries(metadata) as Readonly<Record<string, string>>,
  };
}

function md5Of(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

function xml(root: string, content: string): StrictAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<${root}>${content}</${root}>`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

function refusal(status: number, code: string, message: string): StrictAnswer {
  const { body = '', headers = {} } = xml('Error', `<Code>${code}</Code><Message>${message}</Message>`);
  return { status, headers, body };
}

const failedCondition = refusal(
  412,
  'PreconditionFailed',
  'At least one of the pre-conditions you specified did not hold',
);
