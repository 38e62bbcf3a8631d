/**
 * strict: an object that complains when something is asked of it that the host does not have, so
 * that a product that begins to use more of Electron fails with the name of what is missing.
 *
 * Imports   nothing.
 */

/** Names that the language and its tools look for by themselves. */
const ASKED_BY_LANGUAGE = new Set(['then', 'toJSON', 'constructor', 'prototype', 'inspect']);

export function strict<T extends object>(name: string, target: T): T {
  return new Proxy(target, {
    get(from, key) {
      if (typeof key === 'string' && !(key in from) && !ASKED_BY_LANGUAGE.has(key)) {
        throw new Error(`the Electron test host has no ${name}.${key}`);
      }
      const value: unknown = Reflect.get(from, key, from);
      return typeof value === 'function' && !isClass(value) ? value.bind(from) : value;
    },
  });
}

function isClass(value: object): boolean {
  return 'prototype' in value && value.prototype !== undefined;
}
