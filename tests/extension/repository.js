// A signed repository in memory with the roles of a trial, published anew at each change.

import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import { canonical } from '../../extension/src/tuf/canonical.js';

const ROLES = ['root', 'timestamp', 'snapshot', 'targets', 'list'];
const EXPIRES = '2126-01-01T00:00:00Z';

export class Repository {
  files = new Map();
  version = 0;
  #keys = new Map(ROLES.map((role) => [role, newKey(role)]));

  constructor(list, organisation = { reporting_from: '2026-01-01T00:00:00Z' }) {
    const top = ROLES.slice(0, 4);
    this.#sign('1.root.json', 'root', 'root', 1, {
      consistent_snapshot: true,
      keys: Object.fromEntries(top.map((role) => [role, this.#keys.get(role).public])),
      roles: Object.fromEntries(top.map((role) => [role, { keyids: [role], threshold: 1 }])),
    });
    this.organisation = organisation;
    this.publish(list);
  }

  /** The pin of an endpoint that trusts this repository. */
  get pin() {
    return `1:${sha256(this.files.get('1.root.json'))}`;
  }

  /** Publish a list (JSON), and everything above it, under the next version. */
  publish(list) {
    this.version += 1;
    const role = { name: 'list', keyids: ['list'], threshold: 1, terminating: false };
    const targets = this.#sign(`${this.version}.targets.json`, 'targets', 'targets', this.version, {
      targets: this.#target('organisation.json', Buffer.from(JSON.stringify(this.organisation))),
      delegations: {
        keys: { list: this.#keys.get('list').public }, roles: [{ ...role, paths: ['list/*'] }],
      },
    });
    const listed = this.#sign(`${this.version}.list.json`, 'list', 'targets', this.version, {
      targets: this.#target('list/blocklist.json.gz', gzipSync(list)),
    });
    const snapshot = this.#sign(`${this.version}.snapshot.json`, 'snapshot', 'snapshot', this.version, {
      meta: { 'targets.json': this.#meta(targets), 'list.json': this.#meta(listed) },
    });
    this.#sign('timestamp.json', 'timestamp', 'timestamp', this.version, {
      meta: { 'snapshot.json': this.#meta(snapshot) },
    });
  }

  #sign(name, role, type, version, fields) {
    const signed = { _type: type, spec_version: '1.0.31', version, expires: EXPIRES, ...fields };
    const sig = sign(null, Buffer.from(canonical(signed)), this.#keys.get(role).private);
    const signatures = [{ keyid: role, sig: sig.toString('hex') }];
    const bytes = Buffer.from(JSON.stringify({ signed, signatures }));
    this.files.set(name, bytes);
    return bytes;
  }

  #target(path, bytes) {
    const hash = sha256(bytes);
    this.files.set(`targets/${path.replace(/([^/]+)$/, `${hash}.$1`)}`, bytes);
    return { [path]: { length: bytes.length, hashes: { sha256: hash } } };
  }

  #meta(bytes) {
    return { version: this.version, length: bytes.length, hashes: { sha256: sha256(bytes) } };
  }
}

function newKey(keyid) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
  const described = { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: raw } };
  return { keyid, public: described, private: privateKey };
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
