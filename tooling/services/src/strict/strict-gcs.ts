import { randomUUID } from 'node:crypto';
import { type Decision, type StrictCondition, type StrictObject, StrictObjects } from './strict-objects.ts';
import { type StrictAnswer, type StrictRequest, StrictServer, rangeOf } from './strict-server.ts';

interface Session {
  readonly name: string;
  readonly description: Description;
  readonly condition: StrictCondition;
  bytes: Buffer;
}

interface Description {
  readonly contentType?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** How a server of Google computes the checksum of what it stores. */
export type Crc32c = (bytes: Uint8Array) => string;

/**
 * The part of Google Cloud Storage that stores use, in memory, strict about generations as its vendor documents them:
 * https://cloud.google.com/storage/docs/request-preconditions. It has every bucket and asks for no credentials.
 */
export class StrictGcs extends StrictServer {
  readonly #buckets = new Map<string, StrictObjects>();
  readonly #sessions = new Map<string, Session>();
  readonly #crc32c: Crc32c;
  #generation = 1_700_000_000_000_000;

  constructor(crc32c: Crc32c) {
    super();
    this.#crc32c = crc32c;
  }

  protected override answer(request: StrictRequest): StrictAnswer {
    const { method, path, query } = request;
    const session = /^\/session\/([\w-]+)$/.exec(path)?.[1];
    if (session !== undefined) return this.#continue(session, request);
    const [, upload, bucketName, encoded = ''] =
      /^(\/upload)?\/storage\/v1\/b\/([^/]+)\/o\/?([^/]*)/.exec(path) ?? [];
    if (bucketName === undefined) return this.#read(path, request);
    const objects = this.#bucket(bucketName);
    if (upload !== undefined) return this.#upload(objects, request);
    const name = decodeURIComponent(encoded);
    if (name === '') return this.#list(objects, query);
    if (method === 'POST') return this.#rewrite(objects, name, request);
    if (method === 'DELETE') return refusalOf(objects.remove(name, conditionOf(query))) ?? { status: 204 };
    const object = objects.find(name);
    if (object === undefined) return absent(name);
    if (query.get('ifGenerationNotMatch') === object.state) return { status: 304 };
    return json(this.#resource(name, object));
  }

  #bucket(name: string): StrictObjects {
    const objects = this.#buckets.get(name) ?? new StrictObjects();
    this.#buckets.set(name, objects);
    return objects;
  }

  #list(objects: StrictObjects, query: URLSearchParams): StrictAnswer {
    const start = query.get('startOffset') ?? '';
    const page = objects.list({
      prefix: query.get('prefix') ?? '',
      delimiter: query.get('delimiter') ?? undefined,
      after: query.get('pageToken') ?? '',
      limit: Number(query.get('maxResults') ?? 1_000),
    });
    const isFrom = (name: string): boolean => Buffer.compare(Buffer.from(name), Buffer.from(start)) >= 0;
    return json({
      kind: 'storage#objects',
      items: page.objects.filter(([name]) => isFrom(name)).map((entry) => this.#resource(...entry)),
      prefixes: page.prefixes.filter(isFrom),
      ...(page.next === undefined ? {} : { nextPageToken: page.next }),
    });
  }

  #upload(objects: StrictObjects, { query, headers, body }: StrictRequest): StrictAnswer {
    const condition = conditionOf(query);
    if (query.get('uploadType') === 'multipart') {
      const boundary = /boundary=(.+)$/.exec(headers['content-type'] ?? '')?.[1] ?? '';
      const [, description = Buffer.alloc(0), bytes = Buffer.alloc(0)] = splitBody(body, `--${boundary}`);
      const described = JSON.parse(description.toString()) as Description & { readonly name: string };
      return this.#write(objects, described.name, { bytes, description: described, condition });
    }
    const name = query.get('name') ?? '';
    const refused = refusalOf(objects.decide(name, condition));
    if (refused !== undefined) return refused;
    const id = randomUUID();
    const description = JSON.parse(body.toString()) as Description;
    this.#sessions.set(id, { name, description, condition, bytes: Buffer.alloc(0) });
    const bucket = [...this.#buckets].find(([, found]) => found === objects)?.[0] ?? '';
    return { status: 200, headers: { location: `${this.address}/session/${id}?bucket=${bucket}` } };
  }

  #continue(id: string, { method, query, headers, body }: StrictRequest): StrictAnswer {
    const session = this.#sessions.get(id);
    if (session === undefined) return { status: 404 };
    if (method === 'DELETE') {
      this.#sessions.delete(id);
      return { status: 499 };
    }
    const [, total = '*'] = /\/(\d+|\*)$/.exec(headers['content-range'] ?? '') ?? [];
    session.bytes = Buffer.concat([session.bytes, body]);
    const { bytes } = session;
    if (total !== String(bytes.byteLength)) {
      const told = bytes.byteLength === 0 ? {} : { range: `bytes=0-${bytes.byteLength - 1}` };
      return { status: 308, headers: { ...told } };
    }
    this.#sessions.delete(id);
    return this.#write(this.#bucket(query.get('bucket') ?? ''), session.name, session);
  }

  #rewrite(objects: StrictObjects, name: string, { path, query, body }: StrictRequest): StrictAnswer {
    const [, bucket = '', target = ''] = /\/rewriteTo\/b\/([^/]+)\/o\/([^/]+)$/.exec(path) ?? [];
    const source = objects.find(name);
    if (source === undefined || (query.get('sourceGeneration') ?? source.state) !== source.state)
      return absent(name);
    const description = JSON.parse(body.toString()) as Description;
    const order = { bytes: source.bytes, description, condition: conditionOf(query) };
    const written = this.#write(this.#bucket(bucket), decodeURIComponent(target), order);
    return written.status === 200
      ? json({ done: true, resource: JSON.parse(String(written.body)) as unknown })
      : written;
  }

  #write(
    objects: StrictObjects,
    name: string,
    { bytes, description, condition }: Pick<Session, 'bytes' | 'description' | 'condition'>,
  ): StrictAnswer {
    const { contentType = 'application/octet-stream', metadata = {} } = description;
    const state = String(++this.#generation);
    const object: StrictObject = { bytes, state, contentType, metadata, modified: new Date() };
    return refusalOf(objects.write(name, object, condition)) ?? json(this.#resource(name, object));
  }

  /** Bytes come by the XML API, which has the metadata beside them. */
  #read(path: string, { headers, query }: StrictRequest): StrictAnswer {
    const [, bucket = '', ...segments] = path.split('/').map(decodeURIComponent);
    const object = this.#bucket(bucket).find(segments.join('/'));
    const isOther = (query.get('generation') ?? object?.state) !== object?.state;
    if (object === undefined || isOther) return xmlRefusal(404, 'NoSuchKey');
    const { bytes, state, contentType, metadata, modified } = object;
    if ((headers['x-goog-if-generation-match'] ?? state) !== state)
      return xmlRefusal(412, 'PreconditionFailed');
    const range = rangeOf(headers['range'], bytes.byteLength);
    if (range === undefined) return xmlRefusal(416, 'InvalidRange');
    const own = Object.entries(metadata).map(([name, value]) => [`x-goog-meta-${name}`, value]);
    const told = {
      'x-goog-generation': state,
      'content-type': contentType,
      'last-modified': modified.toUTCString(),
      'content-range': `bytes ${range.first}-${range.last}/${bytes.byteLength}`,
      ...(Object.fromEntries(own) as Readonly<Record<string, string>>),
    };
    return { status: 206, headers: told, body: bytes.subarray(range.first, range.last + 1) };
  }

  #resource(name: string, { bytes, state, contentType, metadata, modified }: StrictObject): object {
    const crc32c = this.#crc32c(bytes);
    const size = String(bytes.byteLength);
    return {
      kind: 'storage#object',
      name,
      size,
      generation: state,
      contentType,
      metadata,
      updated: modified.toISOString(),
      crc32c,
    };
  }
}

/** Generation 0 is that of an object which is not there. */
function conditionOf(query: URLSearchParams): StrictCondition {
  const state = query.get('ifGenerationMatch');
  if (state === null) return undefined;
  return state === '0' ? { isAbsent: true } : { state };
}

/** Google: 412 where the generation differs, and where there is no object but one was asked for to be written over. */
function refusalOf(decision: Decision): StrictAnswer | undefined {
  if (decision === 'holds') return undefined;
  const message = 'At least one of the pre-conditions you specified did not hold.';
  const errors = [{ reason: 'conditionNotMet', message }];
  return { ...json({ error: { code: 412, message, errors } }), status: 412 };
}

function absent(name: string): StrictAnswer {
  const message = `No such object: ${name}`;
  return {
    ...json({ error: { code: 404, message, errors: [{ reason: 'notFound', message }] } }),
    status: 404,
  };
}

function xmlRefusal(status: number, code: string): StrictAnswer {
  const headers = { 'content-type': 'application/xml' };
  return { status, headers, body: `<Error><Code>${code}</Code><Message>no</Message></Error>` };
}

function json(value: object): StrictAnswer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** The parts of a body without their heads: before the first boundary there is nothing. */
function splitBody(body: Buffer, boundary: string): readonly Buffer[] {
  const parts: Buffer[] = [];
  for (let at = body.indexOf(boundary); at >= 0;) {
    const next = body.indexOf(boundary, at + boundary.length);
    const part = body.subarray(at + boundary.length, next < 0 ? body.byteLength : next - 2);
    const content = part.indexOf('\r\n\r\n');
    parts.push(content < 0 ? Buffer.alloc(0) : part.subarray(content + 4));
    at = next;
  }
  return [Buffer.alloc(0), ...parts];
}
