/** Something that claims to be a value of a type, before anybody looked. */
export type Unchecked<T> = { readonly [Field in keyof T]?: unknown };
