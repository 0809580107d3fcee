import type { SafetensorsExtent } from './safetensors-entry.ts';

/** What a list of the tensors of a safetensors file is made of. */
export interface SafetensorsListParts {
  readonly header: Uint8Array;
  readonly offsets: Uint32Array;
  readonly extent: SafetensorsExtent;
}
