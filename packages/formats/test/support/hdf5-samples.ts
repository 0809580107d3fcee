import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askPython } from './ask-python.ts';

const program = `
import h5py, hdf5plugin, json, os, sys, numpy as np
folder = json.load(sys.stdin)
for libver in ['earliest', 'latest']:
    with h5py.File(os.path.join(folder, libver), 'w', libver=libver) as f:
        f.create_dataset('a/n', data=np.arange(12, dtype='>i2').reshape(3, 4), chunks=(2, 3), maxshape=(None, 4), compression='gzip', shuffle=True, fletcher32=True)
        f.create_dataset('p', data=np.arange(40, dtype='u1'), chunks=(8,))
        f['t'] = np.array(['x', 'yz'], dtype=h5py.string_dtype())
        f['r'] = np.zeros(2, np.dtype([('x', 'f4'), ('s', 'S2')]))
        f['a'].attrs['k'] = 3
        f['l'] = h5py.SoftLink('/t')
with h5py.File(os.path.join(folder, 'filters'), 'w') as f:
    n = np.arange(40, dtype='<i4').reshape(8, 5)
    f.create_dataset("lz4", data=n, chunks=(8, 5), **hdf5plugin.LZ4(nbytes=64))
    f.create_dataset('zstd', data=n, chunks=(8, 5), **hdf5plugin.Zstd())
    for name in ['none', 'lz4', 'zstd']: f.create_dataset('bits ' + name, data=n, chunks=(8, 5), **hdf5plugin.Bitshuffle(nelems=16, cname=name))
    f.create_dataset('lzf', data=n, chunks=(8, 5), compression='lzf')
    f.create_dataset('scaled', data=n, chunks=(8, 5), scaleoffset=True)
    f.create_dataset('scaled floats', data=n / 4, chunks=(8, 5), scaleoffset=2, compression='gzip')
    p = h5py.h5p.create(h5py.h5p.DATASET_CREATE); p.set_chunk((8, 5)); p.set_filter(h5py.h5z.FILTER_NBIT, h5py.h5z.FLAG_OPTIONAL, ())
    t = h5py.h5t.STD_I32LE.copy(); t.set_precision(20); t.set_offset(3)
    h5py.Dataset(h5py.h5d.create(f.id, b'few bits', t, h5py.h5s.create_simple((8, 5)), p))[...] = n
with h5py.File(os.path.join(folder, 'indexes'), 'w', libver='latest') as f:
    n = np.arange(60, dtype='<i2')
    f.create_dataset('extensible', data=n, chunks=(2,), maxshape=(None,))
    f.create_dataset('extensible gzip', data=n, chunks=(20,), maxshape=(None,), compression='gzip')
    f.create_dataset('fixed', data=n, chunks=(20,))
    f.create_dataset('tree', data=n.reshape(6, 10), chunks=(1, 2), maxshape=(None, None))
    for i in range(12): f['extensible'].attrs['a%d' % i] = i
    for i in range(12): f['many/%d' % i] = h5py.SoftLink('/fixed')
    s = f.create_dataset('sequences', (3,), h5py.vlen_dtype('<i4')); s[0] = [1, 2]
    f['many/group'] = f['many']
with h5py.File(os.path.join(folder, 'claims'), 'w') as f:
    f.create_dataset('texts', (200000,), 'S1'); f.create_dataset('values', (50000,), h5py.vlen_dtype('i4'))
    f.create_dataset('strings', (50000,), h5py.string_dtype())
print('null')
`;

/** Small HDF5 files to be damaged, by name: both forms, every filter, every index, and claims that cost no bytes. */
export function hdf5Samples(python: string): ReadonlyMap<string, Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'hdf5-samples-'));
  try {
    askPython(python, program, folder);
    return new Map(
      readdirSync(folder).map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
