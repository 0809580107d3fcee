import { scipyProgram } from './scipy-program.ts';

/**
 * Python that writes what scipy read of a MATLAB file in the form of version 7.3, as MATLAB does, and prints what scipy
 * read: `again(question)` for files of version 4 to 7, `stored(question)` for values that the package hdf5storage writes.
 */
export const matlab73Program = `${scipyProgram}
import os, h5py
def header(path):
    with open(path, 'r+b') as f:
        f.write(b'MATLAB 7.3 MAT-file, Platform: GLNXA64, Created on: Mon Jan  1 00:00:00 2024 HDF5 schema 1.00 .'.ljust(116) + bytes(8) + b'\\x00\\x02IM')
class Writer:
    def __init__(self, file, packed): self.file, self.packed, self.count = file, packed, 0
    def refs(self): return self.file.require_group('#refs#')
    def mark(self, o, name, **attributes):
        o.attrs['MATLAB_class'] = np.bytes_(name)
        for k, v in attributes.items(): o.attrs['MATLAB_' + k] = v
        return o
    def fields(self, o, names):
        values = np.empty(len(names), dtype=object)
        for i, n in enumerate(names): values[i] = np.array(list(n.encode()), 'u1').view('S1')
        o.attrs.create('MATLAB_fields', values, dtype=h5py.vlen_dtype('S1'))
    def array(self, parent, name, a):
        options = {'compression': 'gzip', 'chunks': tuple(max(1, min(s, 7)) for s in a.shape), 'shuffle': True} if self.packed and a.size > 0 else {}
        return parent.create_dataset(name, data=a, **options)
    def empty(self, parent, name, shape, kind, **attributes):
        return self.mark(parent.create_dataset(name, data=np.array(shape, '<u8')), kind, empty=np.uint8(1), **attributes)
    def reference(self, t, f):
        self.count += 1
        return self.put(self.refs(), 'r%d' % self.count, t, f).ref
    def references(self, parent, name, t, f):
        refs = np.empty(t.shape[::-1], dtype=h5py.ref_dtype)
        flat = [self.reference(a, b) for a, b in zip(t.T.flatten(), f.T.flatten())]
        refs[...] = np.array(flat + [None], dtype=object)[:-1].reshape(t.shape[::-1])
        return parent.create_dataset(name, data=refs, dtype=h5py.ref_dtype)
    def record(self, parent, name, t, f, kind, **attributes):
        names = t.dtype.names
        if t.size == 0: g = self.empty(parent, name, t.shape, kind, **attributes)
        else:
            g = self.mark(parent.create_group(name), kind, **attributes)
            for n in names:
                if t.size == 1: self.put(g, n, t[n].flatten()[0], f[n].flatten()[0])
                else: self.references(g, n, t[n], f[n])
        self.fields(g, names)
        return g
    def pairs(self, a):
        part = a.real.dtype
        out = np.empty(a.shape, np.dtype([('real', part), ('imag', part)]))
        out['real'], out['imag'] = a.real, a.imag
        return out
    def sparse(self, parent, name, t):
        t = t.tocsc(); t.sort_indices(); d = t.data
        g = self.mark(parent.create_group(name), 'logical' if d.dtype == bool else 'double', sparse=np.uint64(t.shape[0]))
        if d.dtype == bool: g.attrs['MATLAB_int_decode'] = np.int32(1)
        g['jc'] = t.indptr.astype('<u8')
        if len(d) > 0:
            g['ir'] = t.indices.astype('<u8')
            g['data'] = d.astype('u1') if d.dtype == bool else self.pairs(d) if d.dtype.kind == 'c' else d.astype('<f8')
        return g
    def text(self, parent, name, t):
        if t.size == 0: return self.empty(parent, name, (0,) * (t.ndim + 1), 'char', int_decode=np.int32(2))
        n = t.dtype.itemsize // 4
        units = np.array([list(np.frombuffer(str(s).ljust(n, '\\0').encode('utf-16-le'), '<u2')[:n]) for s in t.flatten()], '<u2').reshape(t.shape + (n,))
        return self.mark(self.array(parent, name, units.T), 'char', int_decode=np.int32(2))
    def put(self, parent, name, t, f):
        if scipy.sparse.issparse(t): return self.sparse(parent, name, t)
        if isinstance(t, MatlabObject): return self.record(parent, name, t, f, t.classname, object_decode=np.int32(2))
        if isinstance(t, MatlabFunction): return self.record(parent, name, t, f, 'function_handle', object_decode=np.int32(1))
        if isinstance(t, MatlabOpaque): raise ValueError('opaque')
        if t.dtype.names is not None: return self.record(parent, name, t, f, 'struct')
        if t.dtype.kind == 'O':
            if t.size > 0 and all(x is None for x in t.flatten()):
                if t.size > 1: raise ValueError('structs without fields')
                return self.mark(parent.create_group(name), 'struct')
            if t.size == 0: return self.empty(parent, name, t.shape, 'cell')
            return self.mark(self.references(parent, name, t, f), 'cell')
        if t.dtype.kind == 'U': return self.text(parent, name, t)
        if f.dtype.kind == 'c': kind, a = {8: 'single', 16: 'double'}[f.dtype.itemsize], self.pairs(f)
        elif t.dtype == bool: kind, a = 'logical', t.astype('u1')
        else: kind, a = {'float64': 'double', 'float32': 'single'}.get(t.dtype.name, t.dtype.name), t
        mark = {'int_decode': np.int32(1)} if kind == 'logical' else {}
        if t.size == 0: return self.empty(parent, name, t.shape, kind, **mark)
        return self.mark(self.array(parent, name, a.T), kind, **mark)
def again(question):
    out = []
    for i, (file, target) in enumerate(question):
        try: t, f = [scipy.io.loadmat(file, mat_dtype=m) for m in (True, False)]
        except Exception: continue
        names = [k for k in t if not k.startswith('__') and k != 'None']
        values = {}
        with h5py.File(target, 'w', userblock_size=512, libver=['earliest', 'latest'][i % 2]) as h:
            writer = Writer(h, i % 3 == 0)
            for k in names:
                try: writer.put(h, k, t[k], f[k])
                except ValueError:
                    if k in h: del h[k]
                    continue
                values[k] = mat(t[k], f[k])
        header(target)
        out.append({'file': target, 'values': values})
    return out
def stored(question):
    import hdf5storage
    rng = np.random.default_rng(7)
    cells = np.empty((2, 2), dtype=object)
    cells[0, 0], cells[0, 1], cells[1, 0], cells[1, 1] = np.array([[1.5]]), np.array(['ab']), np.zeros((0, 3)), np.arange(6, dtype='i2').reshape(3, 2)
    records = np.zeros((1, 3), dtype=[('a', object), ('b', object)])
    for i in range(3): records[0, i] = (np.array([[float(i)]]), np.array(['x' * (i + 1)]))
    values = {'cells': cells, 'records': records, 'text': np.array(['hello w\\u00f6rld']), 'flags': np.array([[True, False, True]]),
        'complex': np.array([[1 + 2j, -3.5j], [4, 5 - 1j]]), 'short': np.array([[1 + 2j]], dtype='c8'), 'none': np.zeros((0, 0)), 'empty': np.empty((0, 2), dtype=object)}
    for d in ['i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8', 'f4', 'f8']:
        values['n' + d] = (100 * rng.standard_normal((3, 4))).astype(d) if d[0] != 'u' else rng.integers(0, 200, (3, 4)).astype(d)
        values['cube' + d] = np.arange(24).reshape(2, 3, 4).astype(d)
        values['no' + d] = np.zeros((3, 0), d)
    target = os.path.join(question, 'stored.mat')
    hdf5storage.savemat(target, values, format='7.3', store_python_metadata=False)
    plain = os.path.join(question, 'plain.mat')
    scipy.io.savemat(plain, values)
    return [{'file': target, 'values': load(plain)}]
def real(question):
    with h5py.File(question, 'r') as f: return [{'file': question, 'values': {k: neutral(f[k][()].T) for k in f}}]
`;
