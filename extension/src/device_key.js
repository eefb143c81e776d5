// @ts-check
// The key by which the server knows this profile: ECDSA P-256, never to be taken out.
//
// A key that cannot be exported can lie in IndexedDB alone; everything else lies in storage.local.

import { sha256, toHex } from './bytes.js';

/** @import { Bytes } from './bytes.js' */

const [DATABASE, TABLE, NAME] = ['sluis', 'keys', 'device'];
const P256 = { name: 'ECDSA', namedCurve: 'P-256' };

export class DeviceKey {
  #private;

  /** @param {CryptoKey} privateKey @param {Bytes} raw the public point, 65 bytes
   * @param {string} keyid
   */
  constructor(privateKey, raw, keyid) {
    this.#private = privateKey;
    this.raw = raw;
    /** Lower hex SHA-256 of the public point. */
    this.keyid = keyid;
  }

  /** @param {CryptoKeyPair} pair */
  static async of({ privateKey, publicKey }) {
    const raw = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
    return new DeviceKey(privateKey, raw, toHex(await sha256(raw)));
  }

  /** @param {Bytes} data @returns {Promise<Bytes>} r and s, 32 bytes each */
  async sign(data) {
    const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
    return new Uint8Array(await crypto.subtle.sign(algorithm, this.#private, data));
  }
}

/** A new key pair whose private half stays inside. @returns {Promise<CryptoKeyPair>} */
export function newPair() {
  return crypto.subtle.generateKey(P256, false, ['sign', 'verify']);
}

/** The key of this profile, made at first. Raises DOMException where IndexedDB is refused.
 * @returns {Promise<DeviceKey>}
 */
export async function storedKey() {
  const database = await opened();
  try {
    const known = await result(table(database, 'readonly').get(NAME));
    if (known) return await DeviceKey.of(known);
    const made = await newPair();
    // add, not put: where another start was faster its key is the one
    await result(table(database, 'readwrite').add(made, NAME)).catch(() => {});
    return await DeviceKey.of(await result(table(database, 'readonly').get(NAME)));
  } finally {
    database.close();
  }
}

/** @returns {Promise<IDBDatabase>} */
function opened() {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
  return result(request);
}

/** @param {IDBDatabase} database @param {IDBTransactionMode} mode */
function table(database, mode) {
  return database.transaction(TABLE, mode).objectStore(TABLE);
}

/** @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
