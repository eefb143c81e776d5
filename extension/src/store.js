// @ts-check
// What the extension keeps: keys and values in one of the browser's storage areas.
//
// storage.local holds what must survive (list, metadata, settings, outbox, permits), because it
// works where IndexedDB does not; storage.session what may die with the browser (tab -> block).
// One key a thing, never one big value: memory is gone between events, and a write may be the last.

import { fromBase64, toBase64 } from './bytes.js';

/** @import { Bytes } from './bytes.js' */
/** @typedef {{
 *   read: (keys: string[]) => Promise<Record<string, unknown>>,
 *   write: (items: Record<string, unknown>) => Promise<void>,
 *   remove: (keys: string[]) => Promise<void>,
 *   keys: () => Promise<string[]>,
 * }} Area */

export class Store {
  #area;

  /** @param {Area} area */
  constructor(area) {
    this.#area = area;
  }

  /** The value of a key, undefined where there is none. Who asks knows the type: nobody else
   * writes here.
   * @template T
   * @param {string} key
   * @returns {Promise<T | undefined>}
   */
  async get(key) {
    return /** @type {T | undefined} */ ((await this.#area.read([key]))[key]);
  }

  /** All that lies under keys with this prefix, by the rest of the key.
   * @template T
   * @param {string} prefix
   * @returns {Promise<Map<string, T>>}
   */
  async under(prefix) {
    const keys = (await this.#area.keys()).filter((key) => key.startsWith(prefix));
    if (!keys.length) return new Map();
    const found = /** @type {Record<string, T>} */ (await this.#area.read(keys));
    return new Map(Object.entries(found).map(([key, value]) => [key.slice(prefix.length), value]));
  }

  /** @param {string} key @param {unknown} value that JSON can hold */
  async put(key, value) {
    await this.#area.write({ [key]: value });
  }

  /** @param {...string} keys */
  async remove(...keys) {
    await this.#area.remove(keys);
  }
}

/** Bytes by name under a prefix of a store: where the TUF client keeps its metadata. */
export class StoredFolder {
  #store;
  #prefix;

  /** @param {Store} store @param {string} prefix */
  constructor(store, prefix) {
    this.#store = store;
    this.#prefix = prefix;
  }

  /** @param {string} name @returns {Promise<Bytes | undefined>} */
  async get(name) {
    /** @type {string | undefined} */
    const text = await this.#store.get(this.#prefix + name);
    return text === undefined ? undefined : fromBase64(text);
  }

  /** @param {string} name @param {Bytes} bytes */
  async put(name, bytes) {
    await this.#store.put(this.#prefix + name, toBase64(bytes));
  }
}
