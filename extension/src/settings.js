// @ts-check
// What IT set for this browser: managed storage, checked, with a copy in storage.local to run on.
//
// Managed values come late, may never come, and an empty answer says nothing: the copy holds until
// other values are there. A value that cannot be used leaves the one before in place and is named
// in the popup. Nothing waits for this but the refresh.

import { turns } from './turns.js';

/** @import { Store } from './store.js' */

/** @typedef {{server?: string, pin?: string, enrolment?: string, language?: string}} Values */
/** @typedef {{values: Values, problems: string[]}} Settings `problems` are names of settings */

const KEY = 'settings';
const PATIENCE_MS = 5_000;
const LOOPBACK = new Set(['127.0.0.1', 'localhost']);

export class ManagedSettings {
  #store;
  #read;
  #inTurn = turns();

  /** @param {{store: Store, read: () => Promise<Record<string, unknown>>}} parts `read` asks
   *   managed storage, which may fail, or never answer */
  constructor({ store, read }) {
    this.#store = store;
    this.#read = read;
  }

  /** What holds now, without waiting for the browser.
   * @returns {Promise<Settings>}
   */
  async kept() {
    return await this.#store.get(KEY) ?? { values: {}, problems: [] };
  }

  /** Take over what managed storage says now; true where something changed. */
  update() {
    return this.#inTurn(async () => {
      const raw = await answered(this.#read());
      if (!Object.keys(raw).length) return false;
      const before = await this.kept();
      const after = merged(raw, before.values);
      if (JSON.stringify(after) === JSON.stringify(before)) return false;
      await this.#store.put(KEY, after);
      return true;
    });
  }
}

/** What managed storage says; {} where it fails or takes too long.
 * @param {Promise<Record<string, unknown>>} reading
 * @returns {Promise<Record<string, unknown>>}
 */
function answered(reading) {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, PATIENCE_MS, {});
    reading.catch(() => ({})).then((raw) => {
      clearTimeout(late);
      resolve(raw);
    });
  });
}

/** @param {Record<string, unknown>} raw @param {Values} before @returns {Settings} */
function merged(raw, before) {
  /** @type {Settings} */
  const settings = { values: {}, problems: [] };
  for (const [name, check] of CHECKS) {
    if (raw[name] === undefined) continue;
    const value = typeof raw[name] === 'string' ? check(raw[name].trim()) : null;
    if (value !== null) settings.values[name] = value;
    else {
      settings.problems.push(name);
      if (before[name] !== undefined) settings.values[name] = before[name];
    }
  }
  return settings;
}

/** The table of blocklists/protocol/settings.py: each check gives the value in its form, or null.
 * @type {[keyof Values, (text: string) => string | null][]}
 */
const CHECKS = [
  ['server', serverAddress],
  ['pin', (text) => (/^[1-9]\d{0,8}:[0-9a-f]{64}$/.test(text) ? text : null)],
  ['enrolment', (text) => (/^[\x21-\x7e]{1,512}$/.test(text) ? text : null)],
  ['language', (text) => (['nl', 'en'].includes(text) ? text : null)],
];

/** Scheme, host and port alone; https, or http to this machine.
 * @param {string} text
 */
function serverAddress(text) {
  try {
    const url = new URL(text);
    const loopback = url.protocol === 'http:' && LOOPBACK.has(url.hostname);
    const bare = url.pathname === '/' && !url.search && !url.hash && !url.username;
    return bare && (loopback || url.protocol === 'https:') ? url.origin : null;
  } catch {
    return null;
  }
}
