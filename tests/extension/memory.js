// A storage area in memory, as store.js asks for one, and randomness that is the same in every run.

import { Store } from '../../extension/src/store.js';

export function memoryStore(content = {}) {
  return new Store({
    read: (keys) => Promise.resolve(structuredClone(
      Object.fromEntries(keys.filter((key) => key in content).map((key) => [key, content[key]])))),
    write: (items) => Promise.resolve(void Object.assign(content, structuredClone(items))),
    remove: (keys) => Promise.resolve(keys.forEach((key) => delete content[key])),
    keys: () => Promise.resolve(Object.keys(content)),
  });
}

/** Bytes that differ at each call. */
export function counting() {
  let made = 0;
  return (length) => {
    made += 1;
    return new Uint8Array(length).fill(made);
  };
}
