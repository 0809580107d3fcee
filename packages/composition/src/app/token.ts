import type { InjectionToken } from 'tsyringe';

/**
 * Makes the token of something that the container hands out. Registering and resolving by it are checked for `T`,
 * which a constant that holds a bare symbol would lose.
 */
export function token<T>(name: string): InjectionToken<T> {
  return Symbol(name);
}
