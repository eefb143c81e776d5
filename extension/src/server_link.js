// @ts-check
// Everything outward: the organisation's server over HTTP, with time-outs and limits.

import { DownloadError, RepositoryError } from './tuf/errors.js';

/** @import { Bytes } from './bytes.js' */

/** @typedef {{status: number, body: Record<string, unknown>}} Answer an error's body is
 *   problem+json: `code` is stable */

const TIMEOUT_MS = 20_000;
const MOST_ANSWER = 256 * 1024;

export class ServerLink {
  #server;
  #fetch;

  /** @param {string} server scheme, host and port @param {typeof fetch} fetch_ */
  constructor(server, fetch_) {
    this.#server = server;
    this.#fetch = fetch_;
  }

  /** As it stands in a signature's "@authority". */
  get authority() {
    return new URL(this.#server).host;
  }

  /** A published file by its name. Raises DownloadError, or RepositoryError `too-large`.
   * @param {string} name @param {number} most bytes
   * @returns {Promise<Bytes>}
   */
  fetchFile = async (name, most) => {
    const response = await this.#ask(`/repository/${name}`, {});
    if (!response.ok) {
      await response.body?.cancel();
      throw new DownloadError(`${name}: the server answered ${response.status}`, response.status);
    }
    return await limited(response, most, name);
  };

  /** Send a request and read the JSON of its answer. Raises DownloadError where there is none.
   * @param {string} path
   * @param {{method: string, headers: Record<string, string>, body?: Bytes}} request
   * @returns {Promise<Answer>}
   */
  async send(path, request) {
    const response = await this.#ask(path, request);
    const bytes = await limited(response, MOST_ANSWER, path);
    try {
      const body = JSON.parse(new TextDecoder().decode(bytes));
      return { status: response.status, body: Object(body) };
    } catch {
      throw new DownloadError(`${path}: the answer is not JSON`, response.status);
    }
  }

  /** @param {string} path @param {RequestInit} request */
  async #ask(path, request) {
    const call = this.#fetch;
    try {
      return await call(this.#server + path, {
        ...request,
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
        referrerPolicy: 'no-referrer',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (error) {
      throw new DownloadError(`${path}: no answer (${String(error)})`);
    }
  }
}

/** The bytes of a body, at most so many: a server may send without end.
 * @param {Response} response @param {number} most @param {string} name
 * @returns {Promise<Bytes>}
 */
async function limited(response, most, name) {
  const parts = [];
  let length = 0;
  try {
    for await (const part of response.body ?? []) {
      length += part.length;
      if (length > most) throw new RepositoryError('too-large', `${name}: over ${most} bytes`);
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof RepositoryError) throw error;
    throw new DownloadError(`${name}: the answer broke off`);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
