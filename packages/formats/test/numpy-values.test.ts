import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { corpusFolder, pythonOracle } from '@holdfast/tooling-services';
import { describe, expect, it } from 'vitest';
import {
  bytesSource,
  encodeNpy,
  encodeNpz,
  npzPieces,
  readNpy,
  readNpz,
  streamNpy,
  type Value,
} from '../src/index.ts';
import { askPython } from './support/ask-python.ts';
import { FormatTally } from './support/format-tally.ts';
import { gather } from './support/gather.ts';
import { neutral, neutralProgram, type Neutral } from './support/neutral.ts';
import { nodeDeflate, nodeInflate } from './support/node-inflate.ts';
import { refusalOf } from './support/refusal-of.ts';

const python = pythonOracle() ?? '';
const corpus = corpusFolder();
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));

const arraysProgram = `${neutralProgram}
random = np.random.default_rng(7)
def fill(shape, d):
    d = np.dtype(d)
    if d.kind == 'U': return np.array([''.join(random.choice(list('aé☃\\U0001f600\\0'), 4)) for _ in range(int(np.prod(shape)))], d).reshape(shape)
    if d.kind == 'b': return random.integers(0, 2, shape).astype(d)
    return np.frombuffer(random.bytes(int(np.prod(shape)) * d.itemsize), d).reshape(shape)
plain = '<f2 >f2 <f4 >f4 <f8 >f8 |b1 |i1 |u1 <i2 >i2 <u2 <i4 >u4 <i8 >i8 <u8 <c8 >c8 <c16 >c16 <U3 >U3 |S7 |V5 <M8[us] >m8[3h] <m8 <M8[D] <f16 <c32'.split()
structured = [[('x', '<f8'), ('y', '>i4', (2, 3)), (('a title', 'z'), '|S3')], [('a', [('b', '<i2'), ('c', '>f4')]), ('t', '<U2')],
  np.dtype([('a', '|i1'), ('b', '<f8')], align=True), [('größe', '<f4')], [('ж', '<f4', (2,))]]
arrays = [fill(s, d) for d in plain for s in ((), (0,), (3,), (2, 3), (2, 0, 4), (3, 2, 4))]
arrays += [np.zeros(s, d) for d in structured for s in ((), (2,), (2, 3))]
for a in arrays[-15:]:
    flat = a.reshape(-1)
    if flat.size: flat.view(np.uint8)[...] = np.arange(flat.nbytes, dtype=np.uint8) % 60 if 't' not in (a.dtype.names or ()) else 0
`;

describe.skipIf(python === '')('the values of NumPy', () => {
  it('are read by range, by stream and from archives as NumPy reads them', async () => {
    const program = `${arraysProgram}
out = []
for a in arrays:
    for order in 'CF':
        for version in ((1, 0), (2, 0), (3, 0)):
            f = io.BytesIO()
            try: np.lib.format.write_array(f, np.array(a, order=order), version=version)
            except (ValueError, UnicodeEncodeError): continue
            f.seek(0)
            out.append({'file': b64(f.getvalue()), 'value': neutral(np.load(f))})
archives = []
for save in (np.savez, np.savez_compressed):
    f = io.BytesIO()
    save(f, **{'array/%d' % i: a for i, a in enumerate(arrays)})
    f.seek(0)
    archives.append({'file': b64(f.getvalue()), 'values': {k: neutral(v) for k, v in np.load(f).items()}})
print(json.dumps({'files': out, 'archives': archives}))`;
    const answer = askPython(python, program, null) as {
      files: { file: string; value: Neutral }[];
      archives: { file: string; values: { [name: string]: Neutral } }[];
    };
    expect(answer.files.length).toBeGreaterThan(800);
    for (const { file, value } of answer.files) {
      const bytes = bytesOf(file);
      const lazy = await readNpy(bytes);
      expect(neutral(await lazy.read())).toEqual(value);
      expect(lazy.kind).toBe(value.kind);
      const batches: Value[] = [];
      for await (const batch of (await streamNpy(inChunks(bytes, 37))).batches(2)) batches.push(batch);
      const isJoined = lazy.shape.length < 2 || lazy.order === 'row-major';
      if (isJoined && batches.length > 0) expect(joined(batches)).toEqual(partsOf(value));
    }
    const files = new FormatTally('NumPy `.npy`', 'written by NumPy');
    files.equal(answer.files.length);
    files.expectOnPage();
    for (const { file, values } of answer.archives) {
      const arrays = await readNpz(bytesOf(file), { inflate: nodeInflate });
      const read = await Promise.all(arrays.map(async (array) => [array.name, neutral(await array.read())]));
      expect(Object.fromEntries(read)).toEqual(values);
    }
    const archives = new FormatTally('NumPy `.npz`', 'written by NumPy');
    archives.equal(answer.archives.length);
    archives.expectOnPage();
  });

  it('that are written here are read by NumPy', async () => {
    const program = `${arraysProgram}
files = []
for a in arrays:
    for order in 'CF':
        f = io.BytesIO(); np.save(f, np.array(a, order=order)); files.append(b64(f.getvalue()))
print(json.dumps(files))`;
    const files = askPython(python, program, null) as string[];
    const values = await Promise.all(files.map(async (file) => (await readNpy(bytesOf(file))).read()));
    const named = Object.fromEntries(values.map((value, index) => [`é/${index}`, value]));
    const archives = [
      encodeNpz(named),
      await gather(npzPieces(Object.entries(named), { deflate: nodeDeflate })),
    ];
    const check = `${neutralProgram}
question = json.load(sys.stdin)
load = lambda text: np.load(io.BytesIO(base64.b64decode(text)))
print(json.dumps({'files': [neutral(load(t)) for t in question['files']], 'archives': [{k: neutral(v) for k, v in load(t).items()} for t in question['archives']]}))`;
    const answer = askPython(python, check, {
      files: values.map((value) => base64(encodeNpy(value))),
      archives: archives.map(base64),
    });
    const due = values.map(neutral);
    const dueNamed = Object.fromEntries(due.map((value, index) => [`é/${index}`, value]));
    expect(answer).toEqual({ files: due, archives: [dueNamed, dueNamed] });
  });
});

describe.skipIf(corpus === undefined)('the NumPy files of the corpus', () => {
  it('hold Python objects and are refused by name', async () => {
    const tally = new FormatTally('NumPy', 'corpus');
    for (const file of readdirSync(join(corpus ?? '', 'numpy'))) {
      const source = bytesSource(Uint8Array.from(readFileSync(join(corpus ?? '', 'numpy', file))));
      const isArchive = file.endsWith('.npz');
      const { reason } = await refusalOf(async () =>
        isArchive ? (await readNpz(source, { inflate: nodeInflate }))[0]?.read() : readNpy(source),
      );
      expect(reason).toContain('Python objects');
      tally.refused('Python objects, which are a pickle');
    }
    tally.expectOnPage();
  });
});

/** Chunks are lent: each is overwritten before the next comes. */
async function* inChunks(bytes: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array> {
  const chunk = new Uint8Array(chunkBytes);
  for (let offset = 0; offset < bytes.length; offset += chunkBytes) {
    const piece = bytes.subarray(offset, offset + chunkBytes);
    chunk.set(piece);
    yield chunk.subarray(0, piece.length);
  }
}

/** The bytes or texts of batches, one after the other. */
function joined(batches: readonly Value[]): unknown {
  return batches.map(neutral).map(partsOf).reduce(concatenated, undefined);
}

function partsOf({ kind, data, columns }: Neutral): unknown {
  if (kind === 'table')
    return Object.fromEntries(
      (columns as [string, Neutral][]).map(([name, column]) => [name, partsOf(column)]),
    );
  return typeof data === 'string' ? Buffer.from(data, 'base64').toString('hex') : data;
}

function concatenated(whole: unknown, part: unknown): unknown {
  if (whole === undefined) return part;
  if (typeof whole === 'string') return whole + String(part);
  if (Array.isArray(whole)) return [...(whole as unknown[]), ...(part as unknown[])];
  const parts = part as { [name: string]: unknown };
  return Object.fromEntries(
    Object.entries(whole as object).map(([name, value]) => [name, concatenated(value, parts[name])]),
  );
}
