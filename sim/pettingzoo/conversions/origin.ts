/**
 * What an environment was converted from, so that converting it back gives that one again.
 *
 * @module
 */

export const ORIGIN = Symbol("the environment that this one was converted from");

export function originOf<E>(env: object): E | undefined {
  return ORIGIN in env ? env[ORIGIN] as E : undefined;
}
