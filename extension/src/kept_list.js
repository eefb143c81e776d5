// @ts-check
// The list in force: the last one that was verified, whatever happened since.

import { BadBlocklist, parseBlocklist } from './blocklist.js';

/** @import { Blocklist } from './blocklist.js' */
/** @import { Store } from './store.js' */

/** @typedef {{text: string, sha256: string}} Kept the list's JSON, and its target's hash */

const KEY = 'list';

export class KeptList {
  #store;
  /** @type {Promise<Blocklist | null> | null} */ #parsed = null;

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
  }

  /** The list in force; null where there never was one. Read once in a worker's life.
   * @returns {Promise<Blocklist | null>}
   */
  current() {
    this.#parsed ??= this.#read();
    return this.#parsed;
  }

  /** The hash of the target that the list in force came from. @returns {Promise<string | null>} */
  async sha256() {
    /** @type {Kept | undefined} */
    const kept = await this.#store.get(KEY);
    return kept && await this.current() ? kept.sha256 : null;
  }

  /** Replace it by one that was verified, and is put in force before it is stored: our pages read
   * what is stored, and must not say that a site is open while the rules before still stop it.
   * Raises BadBlocklist, or what enforcing or storing raised; then this list has not changed.
   * @param {string} text @param {string} sha256
   * @param {(blocklist: Blocklist) => Promise<void>} enforce
   */
  async replace(text, sha256, enforce) {
    const blocklist = parseBlocklist(text);
    const before = this.#parsed;
    this.#parsed = Promise.resolve(blocklist); // an event of the new rules is judged by this list
    try {
      await enforce(blocklist);
      await this.#store.put(KEY, { text, sha256 });
    } catch (error) {
      this.#parsed = before;
      throw error;
    }
  }

  /** @returns {Promise<Blocklist | null>} */
  async #read() {
    /** @type {Kept | undefined} */
    const kept = await this.#store.get(KEY);
    try {
      return kept ? parseBlocklist(kept.text) : null;
    } catch (error) {
      if (error instanceof BadBlocklist) return null; // damaged: the refresh fetches it again
      throw error;
    }
  }
}
