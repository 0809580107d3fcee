const usualBorders = [0, 1, 4_096, 16_384, 65_536, 262_144, 1_048_576] as const;

/** The sizes one below, at and one above usual borders and those of an adapter. */
export function borderSizes(ofAdapter: readonly number[]): readonly number[] {
  const around = [...usualBorders, ...ofAdapter].flatMap((border) => [border - 1, border, border + 1]);
  return [...new Set(around)].filter((sizeBytes) => sizeBytes >= 0).toSorted((left, right) => left - right);
}
