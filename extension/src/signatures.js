// @ts-check
// Signed requests: the one profile of RFC 9421 that blocklists/protocol/signatures.py describes.

import { sha256, toBase64, utf8 } from './bytes.js';

/** @import { Bytes } from './bytes.js' */
/** @import { DeviceKey } from './device_key.js' */

/** @typedef {{method: string, authority: string, path: string, query: string, body: Bytes}}
 *   RequestParts `query` is without its question mark */

const COMPONENTS = '("@method" "@authority" "@path" "@query" "content-digest")';

/** The header fields that sign a request with a P-256 key.
 * @param {RequestParts} request
 * @param {DeviceKey} key
 * @param {number} created in ms since 1970
 * @param {string} nonce 16 to 64 characters of base64url
 * @returns {Promise<Record<string, string>>}
 */
export async function sign(request, key, created, nonce) {
  const digest = `sha-256=:${toBase64(await sha256(request.body))}:`;
  const parameters = `${COMPONENTS};created=${Math.floor(created / 1000)};keyid="${key.keyid}"`
    + `;alg="ecdsa-p256-sha256";nonce="${nonce}";tag="sluis"`;
  const base = [
    `"@method": ${request.method}`,
    `"@authority": ${request.authority}`,
    `"@path": ${request.path}`,
    `"@query": ?${request.query}`,
    `"content-digest": ${digest}`,
    `"@signature-params": ${parameters}`,
  ].join('\n');
  return {
    'Content-Digest': digest,
    'Signature-Input': `sluis=${parameters}`,
    Signature: `sluis=:${toBase64(await key.sign(utf8(base)))}:`,
  };
}
