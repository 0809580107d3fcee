export { Hdf5DatasetReader, type ReadRowsOptions } from './hdf5-dataset-reader.ts';
export { Hdf5Error, type Hdf5ErrorCode, type Hdf5ErrorDetails } from './hdf5-error.ts';
export { Hdf5File, type OpenHdf5Options } from './hdf5-file.ts';
export { Hdf5Threads, type Hdf5ThreadsOptions } from './hdf5-threads.ts';
