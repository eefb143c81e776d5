// @ts-check
// The two families of failures of a refresh: what they serve is wrong, and it could not be had.

/** What the repository serves is wrong. `code` is stable: format, unsigned, rollback, mismatch,
 * too-large, expired, missing. */
export class RepositoryError extends Error {
  /** @param {string} code @param {string} message */
  constructor(code, message) {
    super(message);
    this.name = 'RepositoryError';
    this.code = code;
  }
}

/** A file could not be had: no answer, or an answer other than 200. */
export class DownloadError extends Error {
  /** @param {string} message @param {number} [status] of the answer; 0 where there was none */
  constructor(message, status = 0) {
    super(message);
    this.name = 'DownloadError';
    this.status = status;
  }
}
