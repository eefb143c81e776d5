// @ts-check
// Who this profile is to the server: enrolled once with the token that IT set, known by its key.
//
// A profile without an agent reports attempts and no people: it has no pseudonym.

import { toBase64Url, utf8 } from './bytes.js';
import { sign } from './signatures.js';

/** @import { Bytes } from './bytes.js' */
/** @import { DeviceKey } from './device_key.js' */
/** @import { Answer, ServerLink } from './server_link.js' */
/** @import { Store } from './store.js' */

/** @typedef {{device: string, keyid: string, server: string}} Enrolled */
/** @typedef {{name: string, os: string}} Profile */

/** The server said no; `code` is its own. */
export class Refused extends Error {
  /** @param {string} code */
  constructor(code) {
    super(`the server refused: ${code}`);
    this.name = 'Refused';
    this.code = code;
  }
}

export class Enrolment {
  #store;
  #key;
  #profile;
  #now;
  #random;
  #aheadMs = 0;

  /** @param {{store: Store, key: () => Promise<DeviceKey>, profile: () => Promise<Profile>,
   *   now: () => number, random: (length: number) => Bytes}} parts */
  constructor({ store, key, profile, now, random }) {
    this.#store = store;
    this.#key = key;
    this.#profile = profile;
    this.#now = now;
    this.#random = random;
  }

  /** Enrol unless this key is known to this server. Raises Refused, DownloadError.
   * @param {ServerLink} link
   * @param {string | undefined} token
   */
  async ensure(link, token) {
    const key = await this.#key();
    /** @type {Enrolled | undefined} */
    const known = await this.#store.get('device');
    if (known?.keyid === key.keyid && known.server === link.authority) return;
    if (!token) throw new Refused('no-token');
    const { name, os } = await this.#profile();
    const { body } = await this.post(link, '/v1/device/enrolments', {
      token,
      kind: 'profile',
      key: { alg: 'ecdsa-p256-sha256', public: toBase64Url(key.raw) },
      name,
      os,
    });
    const enrolled = { device: body['device'], keyid: key.keyid, server: link.authority };
    await this.#store.put('device', enrolled);
  }

  /** Send signed JSON. Where the server says that our clock is off its time is used, once.
   * @param {ServerLink} link
   * @param {string} path
   * @param {unknown} content
   * @returns {Promise<Answer>} of success; raises Refused, DownloadError
   */
  async post(link, path, content) {
    const body = utf8(JSON.stringify(content));
    let answer = await this.#send(link, path, body);
    if (answer.body['code'] === 'clock') {
      this.#aheadMs = Date.parse(String(answer.body['now'])) - this.#now() || 0;
      answer = await this.#send(link, path, body);
    }
    if (answer.status < 300) return answer;
    const code = String(answer.body['code'] ?? `http-${answer.status}`);
    if (code === 'unknown-device') await this.#store.remove('device');
    throw new Refused(code);
  }

  /** @param {ServerLink} link @param {string} path @param {Bytes} body */
  async #send(link, path, body) {
    const parts = { method: 'POST', authority: link.authority, path, query: '', body };
    const nonce = toBase64Url(this.#random(18));
    const signature = await sign(parts, await this.#key(), this.#now() + this.#aheadMs, nonce);
    const headers = { 'Content-Type': 'application/json', ...signature };
    return await link.send(path, { method: 'POST', headers, body });
  }
}
