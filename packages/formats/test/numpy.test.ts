import { pythonOracle } from '@holdfast/tooling-services';
import { describe, expect, it } from 'vitest';
import { bytesSource, encodeNpy, inspect } from '../src/index.ts';
import { askPython } from './support/ask-python.ts';

const python = pythonOracle() ?? '';
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));

describe.skipIf(python === '')('numpy', () => {
  it('writes arrays that are described as it describes them', async () => {
    const program = `
import io, json, base64, warnings, numpy as np
warnings.simplefilter('ignore')
arrays = [np.zeros(s, d, order=o) for d in ('<f2 >f4 <f8 |b1 |i1 <i8 >u2 <c8 <c16 <U3 |S7 <M8[us] <m8[3h] |V5 <f16').split()
  for s in ((), (0,), (3,), (2, 3), (2, 0, 4)) for o in 'CF']
arrays += [np.zeros(2, [('x', '<f8'), ('y', '<i4', (2, 3)), (('a "title\\'s"', 'z'), '|S3')]), np.zeros(3, [('a', [('b', '<i2'), ('c', '>f4')])]),
  np.zeros(2, np.dtype([('a', '|i1'), ('b', '<f8')], align=True)), np.zeros(1, [('größe', '<f4')]), np.zeros(1, [('f%d' % i, '<f8') for i in range(5000)])]
arrays += [np.array([1, 'x', None], dtype=object), np.zeros(2, [('a', 'O'), ('b', '<i4')])]
out = []
for a in arrays:
    for version in ((1, 0), (2, 0), (3, 0)):
        f = io.BytesIO()
        try: np.lib.format.write_array(f, a, version=version)
        except (ValueError, UnicodeEncodeError): continue
        start = None if a.dtype.hasobject else len(f.getvalue()) - a.nbytes
        fortran = a.flags.f_contiguous and not a.flags.c_contiguous
        out.append({'file': base64.b64encode(f.getvalue()).decode(), 'version': '%d.%d' % version, 'shape': list(a.shape),
          'fortran': fortran, 'objects': a.dtype.hasobject, 'start': start, 'descr': a.dtype.descr if a.dtype.names else a.dtype.str})
print(json.dumps(out))`;
    interface Answer {
      file: string;
      version: string;
      shape: number[];
      fortran: boolean;
      objects: boolean;
      start: number | null;
      descr: unknown;
    }
    const answers = askPython(python, program, null) as Answer[];
    expect(answers.length).toBeGreaterThan(400);
    for (const answer of answers) {
      const result = await inspect(bytesSource(bytesOf(answer.file)));
      expect(result).toMatchObject({
        format: 'numpy',
        summary: {
          version: answer.version,
          shape: answer.shape,
          fortranOrder: answer.fortran,
          hasObjects: answer.objects,
        },
      });
      expect(result.tensors?.[0]?.byteRange?.start ?? null).toBe(answer.start);
      const isSimple = typeof answer.descr === 'string';
      expect(isSimple ? result.summary['dtype'] : undefined).toBe(isSimple ? answer.descr : undefined);
      expect(result.scan !== undefined).toBe(answer.objects);
    }
  });

  it('reads the arrays that are written here', () => {
    const shapes = [[], [0], [3], [2, 3]];
    const arrays = ['<f4', '>f8', '|b1', '<i2', '<U3', '<M8[ns]', '|V5'].flatMap((dtype) =>
      shapes.flatMap((shape) =>
        [true, false].map((isFortranOrder) => {
          const itemBytes =
            { '<f4': 4, '>f8': 8, '|b1': 1, '<i2': 2, '<U3': 12, '<M8[ns]': 8, '|V5': 5 }[dtype] ?? 0;
          const data = Uint8Array.from(
            { length: shape.reduce((total, extent) => total * extent, itemBytes) },
            (_, index) => (dtype === '<U3' ? (index % 4 === 0 ? 65 : 0) : index % 2),
          );
          return { dtype, shape, isFortranOrder, data };
        }),
      ),
    );
    const program = `
import io, sys, json, base64, numpy as np
out = []
for text in json.load(sys.stdin):
    a = np.load(io.BytesIO(base64.b64decode(text)))
    out.append({'dtype': a.dtype.str, 'shape': list(a.shape), 'fortran': a.flags.f_contiguous and not a.flags.c_contiguous, 'data': base64.b64encode(a.tobytes('A')).decode()})
print(json.dumps(out))`;
    const answers = askPython(
      python,
      program,
      arrays.map((array) => base64(encodeNpy(array))),
    );
    expect(answers).toEqual(
      arrays.map(({ dtype, shape, data, isFortranOrder }) => ({
        dtype,
        shape,
        data: base64(data),
        fortran: isFortranOrder && shape.length === 2,
      })),
    );
  });
});
