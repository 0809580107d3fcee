const mostShown = 32;

/** What a value of any sort is, for an error about it: itself where it is plain, else a short description. */
export function whatIs(value: unknown): unknown {
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) {
    const { length } = value as { readonly length?: number };
    return `${tagOf(value)} of ${length ?? value.byteLength} entries`;
  }
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const isPlain =
      items.length > 0 &&
      items.every((item) => (typeof item !== 'object' && typeof item !== 'symbol') || item === null);
    return isPlain && items.length <= mostShown ? items : `an array of ${items.length} entries`;
  }
  return `an object (${tagOf(value)})`;
}

/** Such as `Float32Array`, also for a `Buffer` and for what another realm made. */
export function tagOf(value: object): string {
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return tag === 'Object' && 'constructor' in value ? value.constructor.name : tag;
}
