export { detectFolderFormat } from './catalog/detect-folder-format.ts';
export { detectFormat } from './catalog/detect-format.ts';
export type { FolderEntry, FolderSource } from './catalog/folder-source.ts';
export { type DetectOptions, FormatCatalog, type InspectOptions } from './catalog/format-catalog.ts';
export type { FormatDetection, ScanNote } from './catalog/format-detection.ts';
export type { DetectionFacts, FolderProbe, FormatHandler, FormatProbe } from './catalog/format-handler.ts';
export type {
  FormatInspection,
  InspectionFacts,
  InspectionWarning,
  MemberDescription,
  ModelValue,
  StorageDescription,
  VariableDescription,
} from './catalog/format-inspection.ts';
export type { ByteExtent, ExternalData, TensorDescription } from './tensor/tensor-description.ts';
export type { AtLimit } from './catalog/inspection-notes.ts';
export type { Inflate, InflateRequest } from './catalog/inflate.ts';
export { inspect } from './catalog/inspect.ts';
export { inspectFolder } from './catalog/inspect-folder.ts';
export { DetailLimit, type DetailLimitDetails } from './detail-limit.ts';
export { FormatError, type FormatErrorDetails } from './format-error.ts';
export { openValues, type ValueFile, type ValueFormat } from './conversion/open-values.ts';
export { reasonAgainst } from './conversion/reason-against.ts';
export { writeValues, type WriteValuesOptions } from './conversion/write-values.ts';
export { type Box, copyBox, fillElements, intersection, type Placed } from './hdf5/hdf5-box.ts';
export type { Hdf5Filter } from './hdf5/hdf5-filters.ts';
export type {
  Hdf5Dataset,
  Hdf5File,
  Hdf5Group,
  Hdf5Link,
  Hdf5NamedType,
  Hdf5Object,
  Hdf5ReadOptions,
  Hdf5Storage,
} from './hdf5/hdf5-file.ts';
export type { Hdf5LinkTarget } from './hdf5/hdf5-link.ts';
export type { Hdf5Member, Hdf5Type } from './hdf5/hdf5-type.ts';
export type { Hdf5Attribute } from './hdf5/read-attributes.ts';
export type { Hdf5StoredChunk } from './hdf5/read-elements.ts';
export { checkRank } from './hdf5/write/check-rank.ts';
export { defaultChunk } from './hdf5/write/default-chunk.ts';
export { encodeElements, type EncodedElements } from './hdf5/write/encode-elements.ts';
export { encodeElementType, sizeOfType } from './hdf5/write/encode-datatype.ts';
export { encodeHdf5, type EncodedHdf5, superblockBytes } from './hdf5/write/encode-hdf5.ts';
export { hdf5Pieces, type Hdf5PiecesOptions } from './hdf5/write/hdf5-pieces.ts';
export type {
  NewAttributes,
  NewHdf5Dataset,
  NewHdf5Filters,
  NewHdf5Group,
  NewHdf5Storage,
} from './hdf5/write/new-hdf5.ts';
export { NewHdf5Tree } from './hdf5/write/new-hdf5-tree.ts';
export { shuffle } from './hdf5/write/shuffle.ts';
export { readHdf5 } from './hdf5/read-hdf5.ts';
export { type StoredChunk, undoFilters } from './hdf5/undo-filters.ts';
export { type Hdf5Entry, walkHdf5 } from './hdf5/walk-hdf5.ts';
export { encodeNpy, npyPieces } from './numpy/encode-npy.ts';
export type { NpyArray } from './numpy/npy-array.ts';
export { encodeNpz, type NamedArray, type NpzOptions, npzPieces } from './numpy/encode-npz.ts';
export { readNpy } from './numpy/read-npy.ts';
export { readNpz } from './numpy/read-npz.ts';
export { type NpyStream, streamNpy } from './numpy/stream-npy.ts';
export { encodeMat, type MatOptions, matPieces, type NamedValue } from './matlab/encode-mat.ts';
export type { MatVariable } from './matlab/mat-variable.ts';
export { type MatFile, readMat } from './matlab/read-mat.ts';
export { encodeOnnxModel } from './onnx/encode-onnx-model.ts';
export type {
  OnnxAttribute,
  OnnxGraph,
  OnnxInitializer,
  OnnxModel,
  OnnxNode,
  OnnxOperatorSet,
  OnnxValue,
} from './onnx/onnx-model.ts';
export {
  encodeSafetensors,
  type LazySafetensorsContent,
  type SafetensorsContent,
  safetensorsPieces,
  type SafetensorsTensor,
} from './safetensors/encode-safetensors.ts';
export { readSafetensors, type SafetensorsFile } from './safetensors/read-safetensors.ts';
export { type SampleClassifier, sampleClassifier } from './sample/sample-classifier.ts';
export { encodeTorch, type TorchContentValue, torchPieces } from './pytorch/encode-torch.ts';
export { readTorch, type TorchFile } from './pytorch/read-torch.ts';
export type { ReadTorchOptions } from './pytorch/torch-container.ts';
export {
  isTorchTensor,
  type NumpyValue,
  type TorchObject,
  type TorchStorage,
  type TorchTensor,
  type TorchValue,
} from './pytorch/torch-value.ts';
export { BoundedReader, type BoundedReaderOptions } from './source/bounded-reader.ts';
export type { ByteInput, ByteRangeReadOptions, ByteRangeSource } from './source/byte-range-source.ts';
export { bytesSource } from './source/bytes-source.ts';
export type { Deflate } from './source/deflate.ts';
export { ReadBudget } from './source/read-budget.ts';
export {
  mostTensorsHeld,
  type TensorList,
  type TensorListParts,
  tensorsOf,
  tensorsOfPage,
} from './tensor/tensor-list.ts';
export { tensorListOfParts } from './tensor/tensor-list-of-parts.ts';
export { decodeFloat } from './value/decode-float.ts';
export { type ComplexNumber, type Element, elementAt } from './value/element-at.ts';
export {
  type ByteOrder,
  bytesOfElements,
  elementBytes,
  elementsOfBytes,
  hostByteOrder,
  makeElements,
  swapBytes,
  swapUnit,
} from './value/element-bytes.ts';
export {
  type ElementData,
  type ElementDataConstructor,
  type ElementLayout,
  elementLayout,
  type ElementType,
  isElementType,
} from './value/element-type.ts';
export { checkShape, checkText } from './value/check-value.ts';
export { lazyOf } from './value/lazy-of.ts';
export { isNamedLikeWeights } from './catalog/expected-formats.ts';
export type { LeaveOut } from './value/leave-out.ts';
export type { Lost, ValueAttribute, ValueGroup } from './value/value-attribute.ts';
export {
  isSingle,
  type NumericLeaf,
  type TextLeaf,
  type ValueLeaf,
  valueLeaves,
} from './value/value-leaves.ts';
export {
  isLazyArray,
  type LazyArray,
  type LazyValue,
  type PiecesOptions,
  type ReadValueOptions,
  type Unread,
} from './value/lazy-value.ts';
export { mostElements, type ShownElement, shownElements } from './value/shown-elements.ts';
export { gatherElements, type Strided, toRowMajor } from './value/to-row-major.ts';
export type {
  BytesArray,
  CellArray,
  ElementOrder,
  NumericArray,
  OpaqueValue,
  SparseMatrix,
  StructArray,
  TableValue,
  TextArray,
  Value,
} from './value/value.ts';
export type { OpenOptions } from './zip/zip-file.ts';
export { whatIs } from './what-is.ts';
