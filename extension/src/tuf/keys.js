// @ts-check
// Public keys of TUF metadata and their signatures: Ed25519, and ECDSA on P-256 and P-384.

import { fromHex } from '../bytes.js';

/** @import { Bytes } from '../bytes.js' */
/** @typedef {{scheme: string, keyval: {public: string}}} Key */

/** @typedef {{
 *   format: 'raw' | 'spki',
 *   algorithm: {name: string, namedCurve?: string},
 *   check: {name: string, hash?: string},
 *   key: (text: string) => Bytes,
 *   signature: (bytes: Bytes) => Bytes,
 * }} Scheme */

/** @type {ReadonlyMap<string, Scheme>} Schemes of the specification that the design accepts. */
const SCHEMES = new Map([
  ['ed25519', {
    format: 'raw',
    algorithm: { name: 'Ed25519' },
    check: { name: 'Ed25519' },
    key: fromHex,
    signature: (bytes) => bytes,
  }],
  ['ecdsa-sha2-nistp256', ecdsa('P-256', 'SHA-256', 32)],
  ['ecdsa-sha2-nistp384', ecdsa('P-384', 'SHA-384', 48)],
]);

/** Whether a signature (hex) is this key's over these bytes. A key or signature that cannot be read
 * is simply no valid one: the threshold decides what that means.
 * @param {Key} key
 * @param {Bytes} data
 * @param {string} signature
 * @returns {Promise<boolean>}
 */
export async function verifies(key, data, signature) {
  const scheme = SCHEMES.get(key.scheme);
  if (!scheme) return false;
  try {
    const bytes = scheme.key(key.keyval.public);
    const imported = await crypto.subtle.importKey(
      scheme.format, bytes, scheme.algorithm, false, ['verify']);
    return await crypto.subtle.verify(
      scheme.check, imported, scheme.signature(fromHex(signature)), data);
  } catch {
    return false;
  }
}

/** @param {string} namedCurve @param {string} hash @param {number} half bytes of r and of s
 * @returns {Scheme}
 */
function ecdsa(namedCurve, hash, half) {
  return {
    format: 'spki',
    algorithm: { name: 'ECDSA', namedCurve },
    check: { name: 'ECDSA', hash },
    key: fromPem,
    signature: (der) => fromDer(der, half),
  };
}

/** @param {string} pem @returns {Bytes} */
function fromPem(pem) {
  const text = atob(pem.replace(/-----[^-]+-----|\s/g, ''));
  return Uint8Array.from(text, (one) => one.charCodeAt(0));
}

/** WebCrypto wants r and s side by side; metadata holds them as DER: SEQUENCE { INTEGER, INTEGER }.
 * @param {Bytes} der @param {number} half @returns {Bytes}
 */
function fromDer(der, half) {
  const raw = new Uint8Array(2 * half);
  let at = 2; // both sizes keep the sequence below 128 bytes, so its length is one byte
  if (der[0] !== 0x30 || der[1] !== der.length - 2) throw new RangeError('no DER sequence');
  for (const end of [half, 2 * half]) {
    const length = der[at + 1] ?? 0;
    if (der[at] !== 2 || at + 2 + length > der.length) throw new RangeError('no DER integer');
    let number = der.subarray(at + 2, at + 2 + length);
    while (number.length > half && number[0] === 0) number = number.subarray(1);
    raw.set(number, end - number.length); // throws RangeError where it is too long
    at += 2 + length;
  }
  return raw;
}
