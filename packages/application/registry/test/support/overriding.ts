/** An object of which some members are replaced; the others stay as they are. */
export function overriding<T extends object>(original: T, replacements: Partial<T>): T {
  return new Proxy(original, {
    get: (target, name) => {
      const owner = name in replacements ? replacements : target;
      const value: unknown = Reflect.get(owner, name);
      return typeof value === 'function' ? value.bind(owner) : value;
    },
  });
}
