// @ts-check
// The client of a TUF repository: specification 1.0.34, section 5, and nothing of our own.
//
// The order is root, timestamp, snapshot, targets, delegated targets. What fails raises
// RepositoryError (they serve something wrong) or DownloadError (it cannot be had), and then
// nothing later in the order is touched. A file is kept only after all its checks.
// Left out: succinct delegations (5.6.7 is by paths and hash prefixes) and RSA keys.

import { RepositoryError, DownloadError } from './tuf/errors.js';
import { checkBytes, checkSigned, delegatedTo, own, parseMetadata } from './tuf/metadata.js';

/** @import { Bytes } from './bytes.js' */
/** @import { Key } from './tuf/keys.js' */
/** @import { Metadata, Role, TargetFile } from './tuf/metadata.js' */

/** @typedef {(name: string, most: number) => Promise<Bytes>} FetchFile the bytes of a published
 *   file by its name below the repository, at most `most` of them; raises DownloadError, or
 *   RepositoryError `too-large` */
/** @typedef {{get: (name: string) => Promise<Bytes | undefined>,
 *   put: (name: string, bytes: Bytes) => Promise<void>}} Folder where trusted metadata lies */
/** @typedef {TargetFile & {path: string}} Target */

/** The limits of python-tuf, in bytes; rotations and delegations are counted. */
const MOST = {
  root: 512_000, timestamp: 16_384, snapshot: 2_000_000, targets: 5_000_000,
  rotations: 256, delegations: 32,
};

/** One refresh of one repository; make a new one for each. */
export class TufClient {
  #fetchFile;
  #folder;
  #bootstrap;
  #now;
  /** @type {Metadata} */ #root;
  /** @type {Metadata} */ #timestamp;
  /** @type {Metadata} */ #snapshot;
  /** @type {Map<string, Metadata>} */ #loaded = new Map();

  /** @param {{fetchFile: FetchFile, folder: Folder, bootstrap: Bytes, now: number}} parts
   *   `bootstrap` is the pinned root, already compared with the pin; `now` the update's start (5.1)
   */
  constructor({ fetchFile, folder, bootstrap, now }) {
    this.#fetchFile = fetchFile;
    this.#folder = folder;
    this.#bootstrap = bootstrap;
    this.#now = now;
    this.#root = this.#timestamp = this.#snapshot = parseMetadata(bootstrap, 'root');
  }

  /** Follow the repository to its newest top-level targets. */
  async refresh() {
    await this.#updateRoot();
    await this.#updateTimestamp();
    await this.#updateSnapshot();
    await this.#targets('targets', 'root', this.#role('targets'), this.#root.keys);
  }

  /** What is signed of a target, or undefined where no role speaks of it: 5.6.7, pre-order and
   * depth-first. Call after `refresh`.
   * @param {string} path
   * @returns {Promise<Target | undefined>}
   */
  async find(path) {
    const todo = [{
      name: 'targets', parent: 'root', role: this.#role('targets'), keys: this.#root.keys,
    }];
    const seen = new Set();
    for (let next = todo.pop(); next && seen.size <= MOST.delegations; next = todo.pop()) {
      if (seen.has(next.name)) continue;
      seen.add(next.name);
      const metadata = await this.#targets(next.name, next.parent, next.role, next.keys);
      const target = own(metadata.targets, path);
      if (target) return { path, ...target };
      const below = await delegatedTo(metadata.delegations, path);
      const last = below.findIndex((role) => role.terminating);
      if (last >= 0) todo.length = 0;
      const asked = last >= 0 ? below.slice(0, last + 1) : below;
      const keys = metadata.delegations?.keys ?? {};
      for (const role of asked.reverse()) {
        todo.push({ name: role.name, parent: next.name, role, keys });
      }
    }
    return undefined;
  }

  /** The bytes of a target: 5.7.
   * @param {Target} target
   * @returns {Promise<Bytes>}
   */
  async download(target) {
    const slash = target.path.lastIndexOf('/') + 1;
    const hash = this.#root.consistent ? `${Object.values(target.hashes)[0]}.` : '';
    const name = `targets/${target.path.slice(0, slash)}${hash}${target.path.slice(slash)}`;
    const bytes = await this.#fetchFile(name, target.length);
    await checkBytes(bytes, target, target.path);
    return bytes;
  }

  /** 5.2 and 5.3: from the trusted root to the newest, each signed by the one before and itself. */
  async #updateRoot() {
    this.#root = await this.#trustedRoot();
    for (let turn = 0; turn < MOST.rotations; turn += 1) {
      const version = this.#root.version + 1;
      const bytes = await this.#nextRoot(version);
      if (!bytes) break;
      const next = parseMetadata(bytes, 'root');
      await checkSigned(next, this.#role('root'), this.#root.keys, 'root, by the keys before');
      await checkSigned(next, roleOf(next, 'root'), next.keys, 'root, by its own keys');
      if (next.version !== version) rolledBack(`root ${next.version} where ${version} was asked`);
      this.#root = next;
      await this.#folder.put('root.json', bytes);
    }
    this.#checkFresh(this.#root, 'root');
  }

  /** The newest root that was verified before; at first, or where it is damaged, the pinned one. */
  async #trustedRoot() {
    const stored = await this.#folder.get('root.json');
    if (stored) {
      try {
        const root = parseMetadata(stored, 'root');
        await checkSigned(root, roleOf(root, 'root'), root.keys, 'root');
        return root;
      } catch (error) {
        if (!(error instanceof RepositoryError)) throw error;
      }
    }
    const root = parseMetadata(this.#bootstrap, 'root');
    await checkSigned(root, roleOf(root, 'root'), root.keys, 'root');
    return root;
  }

  /** @param {number} version @returns {Promise<Bytes | undefined>} undefined: there is none yet */
  async #nextRoot(version) {
    try {
      return await this.#fetchFile(`${version}.root.json`, MOST.root);
    } catch (error) {
      if (error instanceof DownloadError && [403, 404].includes(error.status)) return undefined;
      throw error;
    }
  }

  /** 5.4 */
  async #updateTimestamp() {
    const old = await this.#stored('timestamp');
    const bytes = await this.#fetchFile('timestamp.json', MOST.timestamp);
    const fresh = parseMetadata(bytes, 'timestamp');
    await checkSigned(fresh, this.#role('timestamp'), this.#root.keys, 'timestamp');
    if (old && fresh.version < old.version) {
      rolledBack(`timestamp ${fresh.version}, and ${old.version} is known`);
    }
    if (old && fresh.version > old.version && snapshotOf(fresh).version < snapshotOf(old).version) {
      rolledBack('the timestamp names an older snapshot');
    }
    // 5.4.3.1: an equal version brings nothing; that it may have expired meanwhile is a freeze
    const same = old?.version === fresh.version;
    this.#timestamp = same ? old : fresh;
    this.#checkFresh(this.#timestamp, 'timestamp');
    if (!same) await this.#folder.put('timestamp.json', bytes);
  }

  /** 5.5 */
  async #updateSnapshot() {
    const wanted = snapshotOf(this.#timestamp);
    const old = await this.#stored('snapshot');
    if (old?.version === wanted.version && old.expires > this.#now) {
      this.#snapshot = old;
      return;
    }
    const name = this.#named('snapshot', wanted.version);
    const bytes = await this.#fetchFile(name, wanted.length ?? MOST.snapshot);
    await checkBytes(bytes, wanted, 'snapshot');
    const fresh = parseMetadata(bytes, 'snapshot');
    await checkSigned(fresh, this.#role('snapshot'), this.#root.keys, 'snapshot');
    if (fresh.version !== wanted.version) {
      rolledBack(`snapshot ${fresh.version} where ${wanted.version} is signed`);
    }
    for (const [file, before] of Object.entries(old?.meta ?? {})) {
      const after = own(fresh.meta, file);
      if (!after) throw new RepositoryError('missing', `${file} left the snapshot`);
      if (after.version < before.version) rolledBack(`${file} in the snapshot`);
    }
    this.#checkFresh(fresh, 'snapshot');
    this.#snapshot = fresh;
    await this.#folder.put('snapshot.json', bytes);
  }

  /** 5.6, for top-level and delegated targets. Verified by the role that delegates *now*: what was
   * trusted through one parent is not trusted through another.
   * @param {string} name @param {string} parent @param {Role} signers
   * @param {Record<string, Key>} keys
   * @returns {Promise<Metadata>}
   */
  async #targets(name, parent, signers, keys) {
    const id = JSON.stringify([parent, name]);
    const loaded = this.#loaded.get(id);
    if (loaded) return loaded;
    const wanted = own(this.#snapshot.meta, `${name}.json`);
    if (!wanted) throw new RepositoryError('missing', `${name} is not in the snapshot`);
    /** @param {Bytes} bytes */
    const checked = async (bytes) => {
      await checkBytes(bytes, wanted, name);
      const metadata = parseMetadata(bytes, 'targets');
      await checkSigned(metadata, signers, keys, name);
      if (metadata.version !== wanted.version) rolledBack(`${name} ${metadata.version}`);
      this.#checkFresh(metadata, name);
      return metadata;
    };
    const stored = await this.#folder.get(`${encodeURIComponent(name)}.json`);
    const known = stored && await orUndefined(checked(stored));
    const metadata = known ?? await this.#fetchTargets(name, wanted, checked);
    this.#loaded.set(id, metadata);
    return metadata;
  }

  /** @param {string} name @param {{version: number, length?: number}} wanted
   * @param {(bytes: Bytes) => Promise<Metadata>} checked
   */
  async #fetchTargets(name, wanted, checked) {
    const file = this.#named(name, wanted.version);
    const bytes = await this.#fetchFile(file, wanted.length ?? MOST.targets);
    const metadata = await checked(bytes);
    await this.#folder.put(`${encodeURIComponent(name)}.json`, bytes);
    return metadata;
  }

  /** The stored timestamp or snapshot if the keys of the root in force signed it: after a change
   * of these keys it is forgotten, so that a repository recovers from a version that was too high
   * (5.3.11).
   * @param {'timestamp' | 'snapshot'} name
   * @returns {Promise<Metadata | undefined>}
   */
  async #stored(name) {
    const bytes = await this.#folder.get(`${name}.json`);
    if (!bytes) return undefined;
    return orUndefined((async () => {
      const metadata = parseMetadata(bytes, name);
      await checkSigned(metadata, this.#role(name), this.#root.keys, name);
      return metadata;
    })());
  }

  /** @param {string} name @param {number} version */
  #named(name, version) {
    return `${this.#root.consistent ? `${version}.` : ''}${encodeURIComponent(name)}.json`;
  }

  /** @param {string} name */
  #role(name) {
    return roleOf(this.#root, name);
  }

  /** @param {Metadata} metadata @param {string} name */
  #checkFresh(metadata, name) {
    if (metadata.expires > this.#now) return;
    const end = new Date(metadata.expires).toISOString();
    throw new RepositoryError('expired', `${name} ended ${end}`);
  }
}

/** @param {Metadata} root @param {string} name @returns {Role} */
function roleOf(root, name) {
  const found = own(root.roles, name);
  if (!found) throw new RepositoryError('format', `root has no role ${name}`);
  return found;
}

/** @param {Metadata} timestamp */
function snapshotOf(timestamp) {
  const found = own(timestamp.meta, 'snapshot.json');
  if (!found) throw new RepositoryError('format', 'timestamp has no snapshot.json');
  return found;
}

/** @param {string} what @returns {never} */
function rolledBack(what) {
  throw new RepositoryError('rollback', what);
}

/** What was stored and no longer holds is fetched again: absence, not an error.
 * @template T
 * @param {Promise<T>} checked
 * @returns {Promise<T | undefined>}
 */
async function orUndefined(checked) {
  try {
    return await checked;
  } catch (error) {
    if (error instanceof RepositoryError) return undefined;
    throw error;
  }
}
