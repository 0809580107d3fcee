const wantedBytes = 2 ** 20;

/** The extents of a chunk of about 1 MiB: whole rows, or a part of one where a row is larger. */
export function defaultChunk(shape: readonly number[], itemBytes: number): number[] {
  const chunk = shape.map((extent) => Math.max(1, extent));
  for (const [dimension, extent] of chunk.entries()) {
    const restBytes = chunk.slice(dimension + 1).reduce((product, inner) => product * inner, itemBytes);
    chunk[dimension] = Math.min(extent, Math.max(1, Math.floor(wantedBytes / restBytes)));
    if (restBytes <= wantedBytes) break;
  }
  return chunk;
}
