import { neutralProgram } from './neutral.ts';

/**
 * Python that defines `load(file)`: what Python's own `pickle` and `zipfile` make of a file of torch with the documented
 * functions of torch replaced by views of numpy arrays, as a list of tensors by path.
 */
export const torchProgram = `${neutralProgram}
import collections, pickle, struct, zipfile, ml_dtypes
types = {'FloatStorage': 'f4', 'DoubleStorage': 'f8', 'HalfStorage': 'f2', 'LongStorage': 'i8', 'IntStorage': 'i4', 'ShortStorage': 'i2', 'CharStorage': 'i1',
  'ByteStorage': 'u1', 'BoolStorage': '?', 'ComplexFloatStorage': 'c8', 'ComplexDoubleStorage': 'c16', 'BFloat16Storage': ml_dtypes.bfloat16, 'UntypedStorage': 'u1'}
newer = {'float8_e4m3fn': ml_dtypes.float8_e4m3fn, 'float8_e5m2': ml_dtypes.float8_e5m2, 'uint16': 'u2', 'uint32': 'u4', 'uint64': 'u8'}
class Name:
    def __init__(self, name): self.name = name
class Storage: pass
def view(flat, offset, size, stride):
    item = flat.dtype.itemsize
    if not flat.size: return flat.reshape(size)
    bits = flat[offset:].view('V%d' % item) if item in (12, 16) else flat[offset:].view('u%d' % item)
    return np.lib.stride_tricks.as_strided(bits, size, [s * item for s in stride]).copy().view(flat.dtype)
class Tensor:
    def __init__(self, storage, offset, size, stride, dtype=None):
        self.storage, self.offset, self.size, self.stride, self.dtype = storage, offset, size, stride, dtype
    def array(self):
        flat = self.storage.flat if self.dtype is None else self.storage.flat.view(newer[self.dtype.name.split('.')[-1]])
        return view(flat, self.offset, self.size, self.stride)
known = {('torch._utils', '_rebuild_tensor_v2'): lambda s, o, z, t, *rest: Tensor(s, o, z, t),
  ('torch._utils', '_rebuild_tensor_v3'): lambda s, o, z, t, g, h, d, *rest: Tensor(s, o, z, t, d),
  ('torch._utils', '_rebuild_parameter'): lambda t, *rest: t, ('torch', 'Size'): tuple,
  ('collections', 'OrderedDict'): collections.OrderedDict, ('_codecs', 'encode'): lambda t, e: t.encode(e)}
class Loader(pickle.Unpickler):
    def __init__(self, f, storage): super().__init__(f, encoding='utf-8'); self.storage = storage
    def find_class(self, module, name): return known.get((module, name)) or Name(module + '.' + name)
    def persistent_load(self, pid): return self.storage(pid)
def load_zip(f):
    z = zipfile.ZipFile(f)
    root = [n for n in z.namelist() if n.endswith('/data.pkl')][0][:-8]
    storages = {}
    def storage(pid):
        _, cls, key, device, numel = pid
        if key not in storages:
            s = Storage(); s.flat = np.frombuffer(z.read(root + 'data/' + key) if numel else b'', types[cls.name.split('.')[-1]]); storages[key] = s
        return storages[key]
    return Loader(z.open(root + 'data.pkl'), storage).load()
def load_legacy(f):
    storages = {}
    def storage(pid):
        _, cls, key, device, numel, _ = pid
        if key not in storages: storages[key] = Storage(); storages[key].type = types[cls.name.split('.')[-1]]
        return storages[key]
    magic, protocol, info, value, keys = [Loader(f, storage).load() for _ in range(5)]
    assert magic == 0x1950a86a20f9469cfc6c and protocol == 1001
    for key in keys:
        n, = struct.unpack('<q', f.read(8))
        d = np.dtype(storages[key].type)
        storages[key].flat = np.frombuffer(f.read(n * d.itemsize), d)
    return value
def leaves(v, path, out):
    if isinstance(v, dict):
        for k, x in v.items(): leaves(x, path + [str(k)], out)
    elif isinstance(v, (list, tuple)):
        for i, x in enumerate(v): leaves(x, path + [str(i)], out)
    elif isinstance(v, Tensor): out['.'.join(path)] = dict(shown_tensor(v.array()), strides=list(v.stride), offset=v.offset)
    else: out['.'.join(path)] = {'other': v}
    return out
def shown_tensor(a):
    name = a.dtype.name
    a = np.ascontiguousarray(a).reshape(a.shape)
    return {'dtype': name, 'shape': list(a.shape), 'data': shown(a.tobytes())}
def load(path):
    f = open(path, 'rb')
    try:
        value = load_zip(f) if zipfile.is_zipfile(path) else load_legacy(f)
        return {'leaves': leaves(value, [], {})}
    except Exception as e: return {'refused': type(e).__name__ + ': ' + str(e)[:80]}
`;
