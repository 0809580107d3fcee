import { neutralProgram } from './neutral.ts';

/** Python that defines `load(file)` and `whos(file)`: what scipy finds in a MATLAB file, in the neutral form. */
export const scipyProgram = `${neutralProgram}
import scipy.io, scipy.sparse
from scipy.io.matlab import MatlabFunction, MatlabObject, MatlabOpaque, MatlabFunction
plain = neutral
def struct(t, f):
    if t.dtype.names is None: return {'kind': 'struct', 'shape': list(t.shape), 'fields': []}
    return {'kind': 'struct', 'shape': list(t.shape), 'fields': [[n, both(t[n], f[n])] for n in t.dtype.names]}
def both(t, f): return [mat(a, b) for a, b in zip(t.flatten(), f.flatten())]
def opaque(name, kind, content): return {'kind': 'opaque', 'className': name, 'type': kind, 'content': content}
def mat(t, f):
    """t was loaded with the types of MATLAB, in which complex numbers lose a part; f with the types of the file."""
    if scipy.sparse.issparse(t):
        t = t.tocsc(); t.sort_indices(); d = t.data
        d = d if d.dtype == bool or d.dtype.kind == 'c' else d.astype(float)
        return {'kind': 'sparse', 'dtype': d.dtype.name, 'shape': list(t.shape), 'columnPointers': t.indptr.tolist(), 'rowIndices': t.indices.tolist(), 'data': shown(d.tobytes())}
    if isinstance(t, MatlabObject): return opaque(t.classname, 'object', struct(t, f))
    if isinstance(t, MatlabFunction): return opaque('function_handle', 'function', struct(t, f) if t.dtype.names else mat(np.asarray(t), np.asarray(f)))
    if isinstance(t, MatlabOpaque):
        return opaque(t[0]['s2'].decode(), t[0]['s1'].decode(), mat(t[0]['arr'], f[0]['arr']))
    if t.dtype.names is not None: return struct(t, f)
    if t.dtype.kind == 'O':
        if t.size == 0 or any(x is not None for x in t.flatten()): return {'kind': 'cell', 'shape': list(t.shape), 'data': both(t, f)}
        return {'kind': 'struct', 'shape': list(t.shape), 'fields': []}
    return plain(f if f.dtype.kind == 'c' else t)
def load(file):
    t, f = [scipy.io.loadmat(file, mat_dtype=m) for m in (True, False)]
    out = {}
    for k in t:
        if k in ('__header__', '__version__', '__globals__'): continue
        out[str(t[k][0]['s0'].decode()) if k == 'None' else k] = mat(t[k], f[k])
    return out
def whos(file):
    return [[n, list(s), c] for n, s, c in scipy.io.whosmat(file)]
def answer(file):
    try: values = load(file)
    except Exception as e: return {'refused': type(e).__name__ + ': ' + str(e)}
    try: listed = whos(file)
    except Exception as e: listed = None
    return {'values': values, 'listed': listed}
`;
