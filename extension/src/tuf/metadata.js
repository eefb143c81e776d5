// @ts-check
// TUF metadata: bytes to checked values, and the checks that every role shares.
//
// Rules kept here:
//  * Nothing is used before it is parsed: a field of the wrong type is RepositoryError `format`.
//  * Signatures are over the canonical form of `signed`, unknown fields included.
//  * A key counts once for a threshold, by its public value, however many ids it has.

import { sha256, toHex, utf8 } from '../bytes.js';
import { canonical } from './canonical.js';
import { RepositoryError } from './errors.js';
import { verifies } from './keys.js';

/** @import { Bytes } from '../bytes.js' */
/** @import { Key } from './keys.js' */

/** @typedef {Record<string, unknown>} Fields */
/** @typedef {{keyids: string[], threshold: number}} Role who signs, and how many of them must */
/** @typedef {{version: number, length?: number, hashes?: Record<string, string>}} MetaFile */
/** @typedef {{length: number, hashes: Record<string, string>}} TargetFile */
/** @typedef {Role & {name: string, terminating: boolean, paths?: string[],
 *   path_hash_prefixes?: string[]}} DelegatedRole */
/** @typedef {{keys: Record<string, Key>, roles: DelegatedRole[]}} Delegations */
/** @typedef {{
 *   type: string, version: number, expires: number, signed: Fields,
 *   signatures: Map<string, string>,
 *   keys: Record<string, Key>, roles: Record<string, Role>, consistent: boolean,
 *   meta: Record<string, MetaFile>,
 *   targets: Record<string, TargetFile>, delegations?: Delegations,
 * }} Metadata `keys`, `roles` are root's; `meta` timestamp's and snapshot's; the rest targets' */

const TOP_LEVEL = ['root', 'timestamp', 'snapshot', 'targets'];

/** Read the bytes of one role (delegated ones have the type `targets`).
 * @param {Bytes} bytes
 * @param {string} type
 * @returns {Metadata}
 */
export function parseMetadata(bytes, type) {
  const file = object(json(bytes, type), type);
  const signed = object(file['signed'], `${type}: signed`);
  if (signed['_type'] !== type) bad(`${type} expected, ${String(signed['_type'])} found`);
  if (!/^1\.\d+(\.\d+)?$/.test(String(signed['spec_version']))) bad(`${type}: spec_version`);
  /** @type {Metadata} */
  const metadata = {
    type,
    signed,
    version: whole(signed['version'], `${type}: version`),
    expires: instant(signed['expires'], `${type}: expires`),
    signatures: signatures(file['signatures'], type),
    keys: {},
    roles: {},
    consistent: signed['consistent_snapshot'] === true,
    meta: {},
    targets: {},
  };
  if (type === 'root') readRoot(metadata);
  if (type === 'timestamp') readMeta(metadata, 'snapshot.json');
  if (type === 'snapshot') readMeta(metadata, 'targets.json');
  if (type === 'targets') readTargets(metadata);
  return metadata;
}

/** Raise RepositoryError `unsigned` unless enough keys of the role signed.
 * @param {Metadata} metadata
 * @param {Role} role
 * @param {Record<string, Key>} keys
 * @param {string} name for the message
 */
export async function checkSigned(metadata, role, keys, name) {
  const data = utf8(canonical(metadata.signed));
  const good = new Set();
  for (const id of role.keyids) {
    const key = own(keys, id);
    const signature = metadata.signatures.get(id);
    if (key && signature && await verifies(key, data, signature)) good.add(key.keyval.public);
  }
  if (good.size < role.threshold) {
    throw new RepositoryError('unsigned', `${name}: ${good.size} of ${role.threshold} signatures`);
  }
}

/** Raise RepositoryError `mismatch` unless the bytes have this length and these hashes.
 * @param {Bytes} bytes
 * @param {MetaFile | TargetFile} wanted
 * @param {string} name
 */
export async function checkBytes(bytes, wanted, name) {
  if (wanted.length !== undefined && bytes.length !== wanted.length) {
    throw new RepositoryError('mismatch', `${name}: ${bytes.length} bytes, not ${wanted.length}`);
  }
  for (const [algorithm, hash] of Object.entries(wanted.hashes ?? {})) {
    if (await digest(algorithm, bytes) !== hash) {
      throw new RepositoryError('mismatch', `${name}: another ${algorithm}`);
    }
  }
}

/** The delegated roles of a path, in the order in which they are asked (spec 5.6.7.2).
 * @param {Delegations | undefined} delegations
 * @param {string} path
 * @returns {Promise<DelegatedRole[]>}
 */
export async function delegatedTo(delegations, path) {
  const hash = toHex(await sha256(utf8(path)));
  return (delegations?.roles ?? []).filter((role) => (
    role.paths?.some((pattern) => matches(pattern, path))
    ?? role.path_hash_prefixes?.some((prefix) => hash.startsWith(prefix))));
}

/** Whether a path fits a pattern of `*` and `?`, which never cross a slash (spec 4.5).
 * @param {string} pattern
 * @param {string} path
 */
function matches(pattern, path) {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  return new RegExp(`^${source}$`, 'su').test(path);
}

/** A field of its own, never one that objects inherit.
 * @template T
 * @param {Record<string, T>} record
 * @param {string} key
 * @returns {T | undefined}
 */
export function own(record, key) {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** @param {Metadata} root */
function readRoot(root) {
  root.keys = readKeys(root.signed['keys']);
  for (const [name, role] of Object.entries(object(root.signed['roles'], 'root: roles'))) {
    root.roles[name] = readRole(object(role, `role ${name}`), name);
  }
  for (const name of TOP_LEVEL) if (!own(root.roles, name)) bad(`root has no role ${name}`);
}

/** @param {Metadata} metadata @param {string} needed */
function readMeta(metadata, needed) {
  for (const [name, value] of Object.entries(object(metadata.signed['meta'], 'meta'))) {
    const file = object(value, name);
    metadata.meta[name] = { version: whole(file['version'], name), ...readFile(file, name) };
  }
  if (!own(metadata.meta, needed)) bad(`${metadata.type} has no ${needed}`);
}

/** @param {Metadata} metadata */
function readTargets(metadata) {
  for (const [path, value] of Object.entries(object(metadata.signed['targets'], 'targets'))) {
    const { length, hashes } = readFile(object(value, path), path);
    if (length === undefined || !Object.keys(hashes ?? {}).length) bad(`${path}: length or hash`);
    metadata.targets[path] = { length, hashes: hashes ?? {} };
  }
  const delegations = metadata.signed['delegations'];
  if (delegations !== undefined) metadata.delegations = readDelegations(delegations);
}

/** @param {unknown} value @returns {Delegations} */
function readDelegations(value) {
  const fields = object(value, 'delegations');
  const roles = list(fields['roles'], 'delegations: roles; succinct ones are not supported');
  return {
    keys: readKeys(fields['keys']),
    roles: roles.map((one) => {
      const role = object(one, 'delegated role');
      const name = text(role['name'], 'delegated role: name');
      const to = ['paths', 'path_hash_prefixes'].filter((key) => role[key] !== undefined);
      if (to.length !== 1) bad(`role ${name}: paths or path_hash_prefixes`);
      return {
        name,
        ...readRole(role, name),
        terminating: role['terminating'] === true,
        [String(to[0])]: list(role[String(to[0])], name).map((path) => text(path, name)),
      };
    }),
  };
}

/** @param {unknown} value @returns {Record<string, Key>} */
function readKeys(value) {
  return Object.fromEntries(Object.entries(object(value, 'keys')).map(([id, one]) => {
    const key = object(one, `key ${id}`);
    const keyval = object(key['keyval'], `key ${id}: keyval`);
    const scheme = text(key['scheme'], `key ${id}: scheme`);
    return [id, { scheme, keyval: { public: text(keyval['public'], `key ${id}: public`) } }];
  }));
}

/** @param {Fields} fields @param {string} name @returns {Role} */
function readRole(fields, name) {
  const keyids = list(fields['keyids'], `role ${name}: keyids`).map((id) => text(id, name));
  if (new Set(keyids).size !== keyids.length) bad(`role ${name}: a key id twice`);
  return { keyids, threshold: whole(fields['threshold'], `role ${name}: threshold`) };
}

/** @param {Fields} fields @param {string} name
 * @returns {{length?: number, hashes?: Record<string, string>}}
 */
function readFile({ length, hashes }, name) {
  const known = Object.entries(hashes === undefined ? {} : object(hashes, `${name}: hashes`));
  return {
    ...(length === undefined ? {} : { length: whole(length, `${name}: length`) }),
    hashes: Object.fromEntries(known.map(([key, hash]) => [key, text(hash, `${name}: ${key}`)])),
  };
}

/** @param {unknown} value @param {string} type */
function signatures(value, type) {
  const found = new Map();
  for (const one of list(value, `${type}: signatures`)) {
    const { keyid, sig } = object(one, `${type}: signature`);
    if (found.has(keyid)) bad(`${type}: two signatures of one key`);
    found.set(text(keyid, `${type}: keyid`), text(sig, `${type}: sig`));
  }
  return found;
}

/** @param {string} algorithm @param {Bytes} bytes */
async function digest(algorithm, bytes) {
  const names = { sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' };
  const name = own(names, algorithm) ?? bad(`the hash ${algorithm} is not known`);
  return toHex(new Uint8Array(await crypto.subtle.digest(name, bytes)));
}

/** @param {string} what @returns {never} */
function bad(what) {
  throw new RepositoryError('format', what);
}

/** @param {Bytes} bytes @param {string} type @returns {unknown} */
function json(bytes, type) {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return bad(`${type} is not JSON`);
  }
}

/** @param {unknown} value @param {string} what @returns {Fields} */
function object(value, what) {
  const right = typeof value === 'object' && value !== null && !Array.isArray(value);
  return right ? /** @type {Fields} */ (value) : bad(`${what}: an object is wanted`);
}

/** @param {unknown} value @param {string} what @returns {unknown[]} */
function list(value, what) {
  return Array.isArray(value) ? value : bad(`${what}: a list is wanted`);
}

/** @param {unknown} value @param {string} what @returns {string} */
function text(value, what) {
  return typeof value === 'string' ? value : bad(`${what}: a text is wanted`);
}

/** @param {unknown} value @param {string} what @returns {number} above 0 */
function whole(value, what) {
  const right = typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
  return right ? value : bad(`${what}: a whole number above 0 is wanted`);
}

/** @param {unknown} value @param {string} what @returns {number} in ms since 1970 */
function instant(value, what) {
  const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
  const at = form.test(String(value)) ? Date.parse(String(value)) : NaN;
  return Number.isNaN(at) ? bad(`${what}: a time such as 2026-11-25T12:00:00Z is wanted`) : at;
}
