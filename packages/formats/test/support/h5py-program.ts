import { neutralProgram } from './neutral.ts';

/**
 * Python that defines `answer(file)`: every object that h5py finds in an HDF5 file by its path, with its values in the
 * neutral form.
 */
export const h5pyProgram = `${neutralProgram}
import h5py, hdf5plugin
def text(v): return v if isinstance(v, str) else v.decode('utf-8')
def values(a, tid):
    """The neutral form of what was read, by the type in the file."""
    a = np.asarray(a)
    d = a.dtype
    t = tid.get_class()
    if t == h5py.h5t.ARRAY: return values(a, tid.get_super())
    if t == h5py.h5t.STRING: return {'kind': 'text', 'shape': list(a.shape), 'data': [text(v).rstrip('\\0') for v in a.flatten()]}
    if t == h5py.h5t.VLEN: return {'kind': 'cell', 'shape': list(a.shape), 'data': [values(v, tid.get_super()) for v in a.flatten()]}
    if t == h5py.h5t.COMPOUND and d.names is not None:
        return {'kind': 'table', 'shape': list(a.shape), 'columns': [[n, values(a[n], tid.get_member_type(i))] for i, n in enumerate(d.names)]}
    if t == h5py.h5t.REFERENCE:
        raws = [int.from_bytes(memory(r), 'little') for r in a.flatten()]
        return neutral(np.array(raws, dtype='<u8').reshape(a.shape))
    if t == h5py.h5t.OPAQUE: return neutral(np.frombuffer(a.tobytes(), dtype='V%d' % tid.get_size()).reshape(a.shape))
    if d.kind == 'O': raise ValueError('objects of type %d' % t)
    return neutral(a)
def memory(r):
    import ctypes
    return ctypes.string_at(id(r) + object.__basicsize__, 8) if r else bytes(8)
def limited(s): return -1 if s is None else s
def attempt(read):
    try: return read()
    except Exception as e: return {'refused': type(e).__name__ + ': ' + str(e)[:200]}
def empty(): return {'kind': 'null'}
def attribute(o, name):
    a = h5py.h5a.open(o.id, name.encode('utf-8', 'surrogateescape'))
    if a.get_space().get_simple_extent_type() == h5py.h5s.NULL: return empty()
    t = a.get_type()
    if t.get_class() == h5py.h5t.STRING and not t.is_variable_str():
        buf = np.empty(a.shape, dtype=t.dtype); a.read(buf, mtype=t); return values(cut(buf, t), t)
    return values(o.attrs[name], t)
def cut(buf, t):
    """Fixed strings as the padding of the file says, which numpy does not know."""
    pad = t.get_strpad()
    def one(b):
        b = bytes(b)
        if pad == h5py.h5t.STR_NULLTERM: return b.split(b'\\0')[0]
        return b.rstrip(b'\\0') if pad == h5py.h5t.STR_NULLPAD else b.rstrip(b' ')
    out = np.empty(buf.shape, dtype=object)
    flat = [one(v) for v in np.asarray(buf).flatten()]
    out[...] = np.array(flat + [None], dtype=object)[:-1].reshape(buf.shape) if buf.shape != () else flat[0]
    return out
def dataset(d):
    t = d.id.get_type()
    if d.shape is None: return empty()
    if t.get_class() == h5py.h5t.STRING and not t.is_variable_str():
        buf = np.empty(d.shape, dtype='S%d' % t.get_size())
        m = h5py.h5t.C_S1.copy(); m.set_size(t.get_size()); m.set_strpad(t.get_strpad()); m.set_cset(t.get_cset())
        d.id.read(h5py.h5s.ALL, h5py.h5s.ALL, buf, mtype=m)
        return values(cut(buf, t), t)
    return values(d[()], t)
def described(o):
    if isinstance(o, h5py.Dataset):
        return {'is': 'dataset', 'chunk': None if o.chunks is None else list(o.chunks), 'maxShape': [] if o.maxshape is None else [limited(s) for s in o.maxshape], 'value': attempt(lambda: dataset(o))}
    return {'is': 'group' if isinstance(o, h5py.Group) else 'type'}
def walk(f):
    out, known = {}, {h5py.h5o.get_info(f.id).addr}
    def put(path, o): out[path] = dict(described(o), attributes=dict((n, attempt(lambda: attribute(o, n))) for n in o.attrs))
    put('/', f)
    def down(group, path):
        for name in group:
            p = path + '/' + name
            link = group.get(name, getlink=True)
            if isinstance(link, h5py.SoftLink): out[p] = {'is': 'soft', 'path': link.path}; continue
            if isinstance(link, h5py.ExternalLink): out[p] = {'is': 'external', 'file': link.filename, 'path': link.path}; continue
            o = group[name]
            address = h5py.h5o.get_info(o.id).addr
            if address in known: out[p] = {'is': 'same'}; continue
            known.add(address)
            put(p, o)
            if isinstance(o, h5py.Group): down(o, p)
    down(f, '')
    return out
def answer(file):
    try:
        with h5py.File(file, 'r') as f: return walk(f)
    except Exception as e: return {'refused': type(e).__name__ + ': ' + str(e)[:200]}
`;
