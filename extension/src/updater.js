// @ts-check
// Keeps the list fresh: the pinned root, a TUF refresh, and what became of it.
//
// Rules kept here:
//  * Verification decides what may replace the list, never whether it is enforced: whatever fails,
//    the last good list stays, and the state says what failed.
//  * The pin is "N:<sha256>" of root N's bytes, refused on any other hash; trusted metadata lies
//    under the pin, so that a new pin is a new beginning.
//  * One refresh at a time; who asks during one gets the next.

import { sha256, toHex } from './bytes.js';
import { BadBlocklist } from './blocklist.js';
import { ServerLink } from './server_link.js';
import { StoredFolder } from './store.js';
import { TufClient } from './tuf.js';
import { DownloadError, RepositoryError } from './tuf/errors.js';

/** @import { Bytes } from './bytes.js' */
/** @import { KeptList } from './kept_list.js' */
/** @import { ManagedSettings } from './settings.js' */
/** @import { Store } from './store.js' */

/** @typedef {'waiting' | 'fresh' | 'stale' | 'frozen' | 'refused'} State */
/** @typedef {{state: State, code: string | null, at: number}} Freshness `code` says what failed */
/** @typedef {{sha256: string, reportingFrom: number | null}} Organisation the signed file of that
 *   name: reports are made from `reportingFrom` on, null is never */

const LIST = 'list/blocklist.json.gz';
const ORGANISATION = 'organisation.json';
const MOST = { root: 512_000, list: 8 * 1024 * 1024 };

export class Updater {
  #store;
  #list;
  #replace;
  #settings;
  #fetch;
  #now;
  /** @type {Promise<boolean> | null} */ #running = null;
  /** @type {Promise<boolean> | null} */ #next = null;

  /** @param {{store: Store, list: KeptList, settings: ManagedSettings, fetch: typeof fetch,
   *   replace: (text: string, sha256: string) => Promise<void>, now: () => number}} parts
   *   `replace` puts a list that was verified in force, and in the place of `list` */
  constructor({ store, list, replace, settings, fetch: fetch_, now }) {
    this.#store = store;
    this.#list = list;
    this.#replace = replace;
    this.#settings = settings;
    this.#fetch = fetch_;
    this.#now = now;
  }

  /** Fetch newer signed metadata; true where the list was replaced. Never raises.
   * @returns {Promise<boolean>}
   */
  refresh() {
    if (this.#running) {
      this.#next ??= this.#running.then(() => {
        this.#next = null;
        return this.refresh();
      });
      return this.#next;
    }
    this.#running = this.#once().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** How the last refresh went. @returns {Promise<Freshness>} */
  async freshness() {
    return await this.#store.get('freshness') ?? { state: 'waiting', code: null, at: 0 };
  }

  /** What the organisation signed about itself. @returns {Promise<Organisation | null>} */
  async organisation() {
    return await this.#store.get('organisation') ?? null;
  }

  async #once() {
    let changed = false;
    /** @type {[State, string | null]} */
    let [state, code] = ['fresh', null];
    try {
      changed = await this.#update();
    } catch (error) {
      [state, code] = outcome(error);
    }
    if (!await this.#list.current()) state = 'waiting';
    await this.#store.put('freshness', { state, code, at: this.#now() });
    return changed;
  }

  /** One round; true where the list was replaced. */
  async #update() {
    const { server, pin } = (await this.#settings.kept()).values;
    if (!server || !pin) throw new DownloadError('not set up yet');
    const { fetchFile } = new ServerLink(server, this.#fetch);
    const folder = new StoredFolder(this.#store, `tuf:${pin}:`);
    const bootstrap = await pinnedRoot(pin, folder, fetchFile);
    // the clock's time, not the list's: one from far ahead, signed by a server that was taken,
    // would let all that is ever published after it count as expired
    const client = new TufClient({ fetchFile, folder, bootstrap, now: this.#now() });
    await client.refresh();
    await this.#updateOrganisation(client);
    return await this.#updateList(client);
  }

  /** @param {TufClient} client */
  async #updateList(client) {
    const target = await client.find(LIST);
    if (!target) throw new RepositoryError('missing', `no role speaks of ${LIST}`);
    const hash = String(target.hashes['sha256']);
    if (hash === await this.#list.sha256()) return false;
    if (target.length > MOST.list) throw new RepositoryError('too-large', LIST);
    const text = await gunzip(await client.download(target), MOST.list);
    await this.#replace(text, hash);
    return true;
  }

  /** @param {TufClient} client */
  async #updateOrganisation(client) {
    const target = await client.find(ORGANISATION);
    if (!target) {
      await this.#store.remove('organisation');
      return;
    }
    const hash = String(target.hashes['sha256']);
    if (hash === (await this.organisation())?.sha256) return;
    const file = JSON.parse(new TextDecoder().decode(await client.download(target)));
    const from = Date.parse(file?.reporting_from);
    const reportingFrom = Number.isNaN(from) ? null : from;
    await this.#store.put('organisation', { sha256: hash, reportingFrom });
  }
}

/** Root N, from the folder or the server, if it is the pinned one.
 * @param {string} pin @param {StoredFolder} folder
 * @param {(name: string, most: number) => Promise<Bytes>} fetchFile
 */
async function pinnedRoot(pin, folder, fetchFile) {
  const [version, wanted] = pin.split(':');
  const name = `${version}.root.json`;
  const stored = await folder.get(name);
  if (stored && toHex(await sha256(stored)) === wanted) return stored;
  const bytes = await fetchFile(name, MOST.root);
  if (toHex(await sha256(bytes)) !== wanted) {
    throw new RepositoryError('pin', `${name} is not the pinned root`);
  }
  await folder.put(name, bytes);
  return bytes;
}

/** The state and code of a failed round. @param {unknown} error @returns {[State, string]} */
function outcome(error) {
  if (error instanceof RepositoryError) {
    return [error.code === 'expired' ? 'frozen' : 'refused', error.code];
  }
  if (error instanceof DownloadError) {
    return ['stale', error.status ? `http-${error.status}` : 'unreachable'];
  }
  if (error instanceof BadBlocklist || error instanceof SyntaxError) return ['refused', 'form'];
  return ['stale', 'fault']; // storage is full, or a fault of ours: the list stays
}

/** @param {Bytes} data @param {number} most bytes unpacked */
async function gunzip(data, most) {
  const unpacked = new Blob([data]).stream().pipeThrough(new DecompressionStream('gzip'));
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let [text, length] = ['', 0];
  try {
    for await (const part of unpacked) {
      length += part.length;
      if (length > most) throw new RepositoryError('too-large', `the list is over ${most} bytes`);
      text += decoder.decode(part, { stream: true });
    }
    return text + decoder.decode();
  } catch (error) {
    if (error instanceof TypeError) throw new BadBlocklist('it is not gzip');
    throw error;
  }
}
