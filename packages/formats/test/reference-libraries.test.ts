import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { corpusFolder, pythonOracle } from '@holdfast/tooling-services';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytesSource,
  FormatError,
  type FormatInspection,
  inspect,
  inspectFolder,
  sampleClassifier,
} from '../src/index.ts';
import { askPython } from './support/ask-python.ts';

const python = pythonOracle() ?? '';
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));
const isLong = process.env['HOLDFAST_TEST_LONG'] === 'true';

/** What is refused; `undefined` for what is described. */
async function refusal(look: () => Promise<FormatInspection>): Promise<string | undefined> {
  try {
    await look();
    return undefined;
  } catch (error) {
    if (FormatError.isInstance(error)) return error.message;
    throw error;
  }
}

/** Which of some files a library loads. */
function loads(program: string, files: readonly Uint8Array[]): readonly boolean[] {
  const loop = `
import sys, json, base64, io, warnings
warnings.simplefilter('ignore')
${program}
out = []
for text in json.load(sys.stdin):
    try: load(base64.b64decode(text)); out.append(True)
    except BaseException: out.append(False)
print(json.dumps(out))`;
  return askPython(python, loop, files.map(base64)) as boolean[];
}

/** The file with a byte changed, cut out or doubled, or cut short or padded at its end: the same every time. */
function variantsOf(file: Uint8Array, count: number): readonly Uint8Array[] {
  const change = fc.tuple(
    fc.nat(file.length - 1),
    fc.nat(255),
    fc.constantFrom('set', 'drop', 'double', 'pad'),
  );
  return fc.sample(change, { numRuns: count, seed: 7 }).map(([place, byte, how]) => {
    if (how === 'set') return file.with(place, byte);
    if (how === 'drop') return Uint8Array.from([...file.subarray(0, place), ...file.subarray(place + 1)]);
    if (how === 'pad') return Uint8Array.from([...file, ...new Uint8Array(byte + 1)]);
    return Uint8Array.from([...file.subarray(0, place), ...file.subarray(place)].toSpliced(place, 0, byte));
  });
}

/** What a library loads must not be refused, whatever is odd about it. */
async function expectNoStricter(
  files: readonly Uint8Array[],
  program: string,
  look: (file: Uint8Array) => Promise<FormatInspection>,
): Promise<void> {
  const answers = loads(program, files);
  const wrong: string[] = [];
  for (const [index, file] of files.entries()) {
    const reason = answers[index] === true ? await refusal(() => look(file)) : undefined;
    if (reason !== undefined) wrong.push(`${reason}: ${base64(file).slice(0, 2000)}`);
  }
  expect(answers).toContain(true);
  expect(wrong).toEqual([]);
}

describe.skipIf(python === '')('what the reference library loads is not refused', () => {
  it('onnx', async () => {
    const { onnx } = sampleClassifier(3);
    const program = `
import onnx
from onnx import numpy_helper
def load(b):
    m = onnx.load_from_string(b)
    onnx.checker.check_model(m)
    for t in m.graph.initializer: numpy_helper.to_array(t)`;
    await expectNoStricter(variantsOf(onnx, isLong ? 20_000 : 500), program, (file) =>
      inspect(bytesSource(file)),
    );
  });

  it('numpy, arrays and archives', async () => {
    const made = askPython(
      python,
      `
import io, json, base64, numpy as np
out = []
for a in (np.zeros((2, 3), '<f4'), np.zeros(2, [('x', '<f8'), ('y', '<i4', (2, 3))]), np.zeros(3, '<M8[25s]'), np.zeros(2, '|S0'), np.zeros(2, []), np.array(['a'], dtype='<U1')):
    f = io.BytesIO(); np.save(f, a); out.append(base64.b64encode(f.getvalue()).decode())
for save in (np.savez, np.savez_compressed):
    f = io.BytesIO(); save(f, a=np.arange(3), b=np.zeros((2, 2))); out.append(base64.b64encode(f.getvalue()).decode())
f = io.BytesIO(); np.savez(f); out.append(base64.b64encode(f.getvalue()).decode())
print(json.dumps(out))`,
      null,
    ) as string[];
    const files = made.map(bytesOf).flatMap((file) => [file, ...variantsOf(file, isLong ? 2000 : 80)]);
    const program = `
import numpy as np
def load(b):
    found = np.load(io.BytesIO(b))
    if hasattr(found, 'files'):
        for name in found.files: found[name]`;
    await expectNoStricter(files, program, (file) => inspect(bytesSource(file), { path: 'a.npz' }));
  });

  it("zipfile, whose reading of archives torch's is like, on files of torch", async () => {
    const corpus = corpusFolder();
    if (corpus === undefined) return;
    const folder = join(corpus, 'pytorch-burn');
    const names = readdirSync(folder).slice(0, isLong ? 60 : 6);
    const files = names.flatMap((name) =>
      variantsOf(Uint8Array.from(readFileSync(join(folder, name))), isLong ? 200 : 40),
    );
    const program = `
import zipfile
def load(b):
    z = zipfile.ZipFile(io.BytesIO(b))
    for name in z.namelist(): z.read(name)`;
    await expectNoStricter(files, program, (file) => inspect(bytesSource(file)));
  });

  it('json, in the configuration of a model', async () => {
    const texts = [
      '{"model_type": "bert", "a": NaN, "b": [Infinity, -Infinity], "c": "\\ud800", "d": 1e999, "d": -0}',
      '{"model_type": "é", "x": {"y": [1, 2.5e-3, true, null]}}',
    ];
    const files = texts.flatMap((text) => variantsOf(new TextEncoder().encode(text), isLong ? 5000 : 300));
    const program = `
def load(b): json.load(io.TextIOWrapper(io.BytesIO(b), 'utf-8'))`;
    await expectNoStricter(files, program, (file) =>
      inspectFolder({
        entries: [
          { path: 'config.json', sizeBytes: file.length },
          { path: 'tokenizer.json', sizeBytes: 2 },
        ],
        open: (path) => bytesSource(path === 'config.json' ? file : new Uint8Array(2)),
      }),
    );
  });

  it('PyYAML, in the description of a model', async () => {
    const texts = [
      'artifact_path: model\nflavors:\n  a: &x\n    - b\n    - "c\\n d"\n  e: *x\n  f: {g: 1, h: [2, 3]}\nsignature:\n  inputs: \'[{"type":\n    "double"}]\'\n  n: |\n    t\n    u\n',
      'base: &b\n  k: 1\nflavors:\n  a:\n    <<: *b\n    c: 2 # d\n  ? long\n  : 1\n---\n',
    ];
    const files = texts.flatMap((text) => variantsOf(new TextEncoder().encode(text), isLong ? 8000 : 400));
    const program = `
import yaml
def load(b): yaml.safe_load(b.decode('utf-8'))`;
    await expectNoStricter(files, program, (file) =>
      inspectFolder({
        entries: [{ path: 'MLmodel', sizeBytes: file.length }],
        open: () => bytesSource(file),
      }),
    );
  });
});
