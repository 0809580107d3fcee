import { h5pyProgram } from './h5py-program.ts';

/**
 * Python that writes HDF5 files of every sort that h5py makes into a folder, and prints where they are, what h5py reads
 * of them, and what it reads of random boxes.
 */
export const h5pyGenerator = `${h5pyProgram}
import os, random, struct
types = [b + k for k in ['i2','i4','i8','u2','u4','u8','f2','f4','f8','c8','c16'] for b in '<>'] + ['i1','u1','?']
def numbers(rng, dtype, shape):
    d = np.dtype(dtype)
    n = int(np.prod(shape, dtype=int))
    if d.kind == 'b': a = np.array([rng.random() < 0.5 for _ in range(n)], dtype=d)
    else:
        a = np.frombuffer(rng.randbytes(n * d.itemsize), dtype=d).copy()
        if d.kind in 'fc': a = np.nan_to_num(a, nan=1.5, posinf=np.inf, neginf=-np.inf).astype(d)
    return a.reshape(shape)
def options(rng, shape):
    if len(shape) == 0 or 0 in shape or rng.random() < 0.2: return {}
    chunk = tuple(rng.randint(1, s) for s in shape)
    o = {'chunks': chunk}
    kind = rng.random()
    if kind < 0.25: o['maxshape'] = tuple(None if i == 0 else s for i, s in enumerate(shape))
    elif kind < 0.4: o['maxshape'] = tuple(None for _ in shape)
    elif kind < 0.55: o['maxshape'] = tuple(s + rng.randint(0, 5) for s in shape)
    elif kind < 0.7: o['maxshape'] = tuple(None if i == len(shape) - 1 else s + rng.randint(0, 3) for i, s in enumerate(shape))
    if rng.random() < 0.6: o.update(compression(rng))
    if rng.random() < 0.4: o['shuffle'] = True
    if rng.random() < 0.3: o['fletcher32'] = True
    return o
def compression(rng):
    return dict(rng.choice([
        {'compression': 'gzip', 'compression_opts': rng.randint(0, 9)},
        {'compression': 'gzip', 'compression_opts': rng.randint(0, 9)},
        {'compression': 'lzf'},
        hdf5plugin.LZ4(nbytes=rng.choice([0, 16, 100])),
        hdf5plugin.Zstd(clevel=rng.randint(1, 22)),
        hdf5plugin.Bitshuffle(nelems=rng.choice([0, 8, 64]), cname=rng.choice(['none', 'lz4', 'zstd'])),
    ]))
def scaled(rng, dtype):
    d = np.dtype(dtype)
    if d.kind in 'iu': return rng.choice([True, True, rng.randint(1, 8 * d.itemsize)])
    return rng.randint(0, 4) if d.kind == 'f' and d.itemsize > 2 else None
def scaled_file(path, rng, libver, datasets):
    """Differences in few bits, and types that do not fill their bytes."""
    with h5py.File(path, 'w', libver=libver) as f:
        for i in range(datasets):
            dtype = rng.choice([t for t in types if np.dtype(t).kind in 'iuf' and t[1:] != 'f2'])
            d = np.dtype(dtype)
            shape = tuple(rng.choice([1, 3, 8, 21]) for _ in range(rng.randint(1, 3)))
            o = {'chunks': tuple(rng.randint(1, s) for s in shape)}
            if rng.random() < 0.3: o.update(compression(rng))
            if rng.random() < 0.3: o['shuffle'] = True
            if rng.random() < 0.5: o['fillvalue'] = d.type(7)
            low, high = rng.choice([(0, 1), (5, 6), (-100, 100), (-2**30, 2**30), (2**40, 2**40 + 9)])
            if d.kind != 'f': low, high = [max(np.iinfo(d).min, min(int(np.iinfo(d).max), v)) for v in (low, high)]
            n = int(np.prod(shape))
            data = np.array([rng.uniform(low, high) if d.kind == 'f' else rng.randint(low, high) for _ in range(n)]).astype(d).reshape(shape)
            s = f.create_dataset('scaled %d' % i, shape, dtype, scaleoffset=scaled(rng, dtype), **o)
            if rng.random() < 0.6: s[()] = data
            else: s[:1] = data[:1]
        for i in range(datasets):
            size = rng.choice([1, 2, 4, 8])
            t = (rng.choice([h5py.h5t.STD_I8LE, h5py.h5t.STD_I8BE]) if size == 1 else getattr(h5py.h5t, 'STD_%s%d%s' % (rng.choice('IU'), 8 * size, rng.choice(['LE', 'BE'])))).copy()
            bits = rng.randint(1 if t.get_sign() == 0 else 2, 8 * size)
            t.set_precision(bits); t.set_offset(rng.randint(0, 8 * size - bits))
            # Between byte orders HDF5 2.0 exchanges the bytes of such numbers at offset 0 and forgets their sign.
            if t.get_offset() == 0: t.set_order(h5py.h5t.ORDER_LE)
            shape = (rng.randint(1, 40),)
            p = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            p.set_chunk((rng.randint(1, shape[0]),))
            if rng.random() < 0.8: p.set_filter(h5py.h5z.FILTER_NBIT, h5py.h5z.FLAG_OPTIONAL, ())
            if rng.random() < 0.3: p.set_deflate(4)
            low = 0 if t.get_sign() == 0 else -2 ** (bits - 1)
            data = np.array([rng.randint(low, low + 2 ** bits - 1) for _ in range(shape[0])], dtype=('<u%d' if low == 0 else '<i%d') % size)
            try: d = h5py.h5d.create(f.id, b'bits %d' % i, t, h5py.h5s.create_simple(shape), p)
            except ValueError: continue # HDF5 refuses a few such types as unusual
            h5py.Dataset(d)[...] = data
        inner = h5py.h5t.STD_I16LE.copy(); inner.set_precision(9)
        row = h5py.h5t.create(h5py.h5t.COMPOUND, 24)
        row.insert(b'a', 0, inner); row.insert(b'f', 4, h5py.h5t.IEEE_F64LE); row.insert(b'v', 14, h5py.h5t.array_create(inner, (3,))); row.insert(b's', 20, h5py.h5t.STD_U32BE)
        p = h5py.h5p.create(h5py.h5p.DATASET_CREATE); p.set_chunk((4,)); p.set_filter(h5py.h5z.FILTER_NBIT, h5py.h5z.FLAG_OPTIONAL, ())
        rows = np.zeros(10, np.dtype([('a', '<i2'), ('f', '<f8'), ('v', '<i2', (3,)), ('s', '<u4')]))
        rows['a'] = np.arange(-5, 5); rows['f'] = np.arange(10) / 3; rows['v'] = np.arange(30).reshape(10, 3) - 15; rows['s'] = np.arange(10) * 400000000
        h5py.Dataset(h5py.h5d.create(f.id, b'rows', row, h5py.h5s.create_simple((10,)), p))[...] = rows
        f.create_dataset('blosc', data=np.arange(100), chunks=(50,), **hdf5plugin.Blosc())
        f.create_dataset('zfp', data=np.arange(100.0), chunks=(50,), **hdf5plugin.Zfp())
def box(rng, d):
    start = [rng.randint(0, s) for s in d.shape]
    count = [rng.randint(0, s - a) for s, a in zip(d.shape, start)]
    part = d[tuple(slice(a, a + c) for a, c in zip(start, count))] if d.shape else d[()]
    return {'start': start, 'count': count, 'value': neutral(part)}
def random_file(path, rng, libver, datasets):
    with h5py.File(path, 'w', libver=libver, userblock_size=rng.choice([0, 0, 512, 2048])) as f:
        for i in range(datasets):
            shape = tuple(rng.choice([1, 2, 3, 7, 12, 33]) for _ in range(rng.randint(0, 4)))
            while np.prod(shape) > 4000: shape = shape[1:]
            if shape and rng.random() < 0.05: shape = (0,) + shape[1:]
            dtype = rng.choice(types)
            o = options(rng, shape)
            if rng.random() < 0.3: o['fillvalue'] = numbers(rng, dtype, ())[()]
            d = f.create_dataset('g%d/d%d' % (i % 3, i), shape, dtype, **o)
            data = numbers(rng, dtype, shape)
            if shape and rng.random() < 0.4:
                part = tuple(slice(0, rng.randint(0, s)) for s in shape)
                d[part] = data[part]
            else: d[()] = data
            if 'maxshape' in o and rng.random() < 0.4:
                d.resize(tuple(rng.randint(0, s + 3) if m is None else rng.randint(0, m) for s, m in zip(shape, o['maxshape'])))
            for k in range(rng.choice([0, 0, 1, 3, 12])): d.attrs['a%d' % k] = numbers(rng, rng.choice(types), (rng.randint(1, 4),))
def special_file(path, rng, libver):
    with h5py.File(path, 'w', libver=libver) as f:
        n = np.arange(6000, dtype='<i4')
        f.create_dataset('extensible', data=n, chunks=(1,), maxshape=(None,))
        f.create_dataset('extensible gzip', data=n[:3000], chunks=(2,), maxshape=(None,), compression='gzip')
        f.create_dataset('fixed', data=n[:4500], chunks=(2,))
        f.create_dataset('fixed sparse', (9000,), 'i4', chunks=(2,))[7000:7100] = n[:100]
        f.create_dataset('fixed gzip', data=n[:3000], chunks=(2,), compression='gzip', shuffle=True)
        f.create_dataset('tree', data=n.reshape(60, 100), chunks=(1, 2), maxshape=(None, None))
        f.create_dataset('tree gzip', data=n.reshape(60, 100), chunks=(3, 4), maxshape=(None, None), compression='gzip')
        f.create_dataset('lzf', data=np.r_[n // 100, np.zeros(20000, 'i4'), n * n], chunks=(5000,), compression='lzf', shuffle=True, fletcher32=True)
        f.create_dataset('single', data=n, chunks=(6000,))
        f.create_dataset('single gzip', data=n, chunks=(6000,), compression='gzip', fletcher32=True)
        p = h5py.h5p.create(h5py.h5p.DATASET_CREATE); p.set_chunk((7, 5)); p.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
        d = h5py.Dataset(h5py.h5d.create(f.id, b'implicit', h5py.h5t.STD_I16BE, h5py.h5s.create_simple((20, 13)), p)); d[3:17, 2:9] = 5
        p = h5py.h5p.create(h5py.h5p.DATASET_CREATE); p.set_layout(h5py.h5d.COMPACT)
        d = h5py.Dataset(h5py.h5d.create(f.id, b'compact', h5py.h5t.IEEE_F32BE, h5py.h5s.create_simple((4, 3)), p)); d[...] = 2.5
        m = f.create_dataset('masked', (4, 4), '<i2', chunks=(2, 4), compression='gzip', shuffle=True)
        m[...] = 1
        m.id.write_direct_chunk((2, 0), np.arange(8, dtype='<i2').tobytes(), filter_mask=3)
        g = f.create_group('large')
        for i in range(10000 if libver in ('earliest', 'latest') else 100): g['link %d' % i] = h5py.SoftLink('/single')
        many = f.create_group('many attributes')
        for i in range(60): many.attrs['attribute %d' % i] = i
        if libver != 'earliest': many.attrs['huge'] = np.arange(30000)
        f['loop/inner/up'] = f['large']; f['loop/inner/self'] = f['loop']; f['again'] = f['single']
        f['outside'] = h5py.ExternalLink('other.h5', '/x'); f['größe'] = 1
        f['text'] = 'one'; f['texts'] = np.array(['a', 'bé', ''], dtype=h5py.string_dtype()); f['nothing'] = h5py.Empty('f4')
        f.create_dataset('unwritten texts', (3,), h5py.string_dtype())
        f.create_dataset('fixed texts', data=np.array([b'ab', b'c', b''], dtype='S4'))
        f.create_dataset('texts in chunks', data=np.array(['x' * i for i in range(40)], dtype=h5py.string_dtype()), chunks=(7,), maxshape=(None,))
        s = f.create_dataset('sequences', (3,), h5py.vlen_dtype('<i4')); s[0] = [1, 2]; s[2] = [3]
        f.create_dataset('enum', data=np.array([2, 5], dtype='<u2'), dtype=h5py.enum_dtype({'A': 2, 'B': 5}, '<u2'))
        rows = np.dtype([('x', '>f8'), ('n', 'i1'), ('v', '<u2', (2, 3)), ('in', [('b', '?'), ('c', '<c8')]), ('s', 'S3')])
        t = np.zeros((5,), rows); t['x'] = np.arange(5); t['n'] = -3; t['v'][2] = 7; t['in']['c'] = 1 - 2j; t['s'] = b'q'
        f.create_dataset('table', data=t, chunks=(2,), compression='gzip')
        f['table type'] = rows; f.create_dataset('of named type', (2,), f['table type'])
        f['table'].attrs['row'] = t[1]; f['table'].attrs.create('t', t[2]['v'])
        f.create_dataset('opaque', data=np.array([b'abc', b'd'], dtype='V3'))
        f.create_dataset('references', data=np.array([f['single'].ref, f['table'].ref], dtype=h5py.ref_dtype))
        f['region'] = np.array([f['single'].regionref[2:5]], dtype=h5py.regionref_dtype)
        f.create_dataset('external', (4,), 'i4', external=[(path + '.raw', 0, 16)])
        if libver in ('v110', 'latest'):
            layout = h5py.VirtualLayout(shape=(4,), dtype='i4'); layout[:] = h5py.VirtualSource('.', 'single', shape=(6000,))[:4]
            f.create_virtual_dataset('virtual', layout)
        f.create_dataset('arrays', (2,), np.dtype(('>i2', (3, 2))))[...] = np.arange(12).reshape(2, 3, 2)
def report(path):
    boxes = {}
    rng = random.Random(7)
    with h5py.File(path, 'r') as f:
        def visit(name, o):
            if name not in ('blosc', 'zfp', 'external', 'virtual') and isinstance(o, h5py.Dataset) and o.shape is not None and o.dtype.kind in 'iufcb' and h5py.check_ref_dtype(o.dtype) is None:
                boxes['/' + name] = [box(rng, o) for _ in range(3)]
        f.visititems(visit)
    return {'path': path, 'tree': answer(path), 'boxes': boxes}
def generate(folder, files, datasets):
    out = []
    for i, libver in enumerate(['earliest', 'v108', 'v110', 'latest']):
        path = os.path.join(folder, 'special-%s.h5' % libver)
        special_file(path, random.Random(i), libver); out.append(report(path))
        for j in range(max(1, files // 3)):
            path = os.path.join(folder, 'scaled-%s-%d.h5' % (libver, j))
            scaled_file(path, random.Random(1000 * i + j), libver, datasets // 2); out.append(report(path))
        for j in range(files):
            path = os.path.join(folder, 'random-%s-%d.h5' % (libver, j))
            random_file(path, random.Random(100 * i + j), libver, datasets); out.append(report(path))
    return out
question = json.load(sys.stdin)
print(json.dumps(generate(question['folder'], question['files'], question['datasets'])))
`;
