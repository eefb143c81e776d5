// @ts-check
// Bytes as text: hexadecimal, base64 and base64url, and their SHA-256.

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** @param {Bytes} bytes @returns {string} in lower case */
export function toHex(bytes) {
  return Array.from(bytes, (one) => one.toString(16).padStart(2, '0')).join('');
}

/** @param {string} text @returns {Bytes} Raises RangeError for what is no hexadecimal. */
export function fromHex(text) {
  if (!/^(?:[0-9a-f]{2})*$/i.test(text)) throw new RangeError('not hexadecimal');
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** @param {Bytes} bytes @returns {string} */
export function toBase64(bytes) {
  const parts = [];
  for (let at = 0; at < bytes.length; at += 0x8000) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  }
  return btoa(parts.join(''));
}

/** @param {string} text @returns {Bytes} */
export function fromBase64(text) {
  return Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
}

/** @param {Bytes} bytes @returns {string} without padding */
export function toBase64Url(bytes) {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @param {Bytes} bytes @returns {Promise<Bytes>} */
export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** @param {string} text @returns {Bytes} in UTF-8 */
export function utf8(text) {
  return new TextEncoder().encode(text);
}
