// A server of published files in memory, and a folder of trusted metadata: what tuf.js needs.

import { DownloadError, RepositoryError } from '../../extension/src/tuf/errors.js';

/** Serves files by name, and remembers what was asked. */
export class Published {
  files = new Map();
  asked = [];

  /** Add or replace files ({name: text}); null takes one away. */
  publish(files) {
    for (const [name, text] of Object.entries(files)) {
      if (text === null) this.files.delete(name);
      else this.files.set(name, new TextEncoder().encode(text));
    }
  }

  fetchFile = (name, most) => {
    this.asked.push(name);
    const bytes = this.files.get(name);
    if (!bytes) return Promise.reject(new DownloadError(`${name} is not there`, 404));
    if (bytes.length > most) return Promise.reject(new RepositoryError('too-large', name));
    return Promise.resolve(bytes);
  };
}

/** Trusted metadata in memory. */
export class Folder {
  kept = new Map();

  get = (name) => Promise.resolve(this.kept.get(name));

  put = (name, bytes) => {
    this.kept.set(name, bytes);
    return Promise.resolve();
  };
}
