// The updater by itself: what a list that was signed by a taken server can and cannot do.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';

import { KeptList } from '../../extension/src/kept_list.js';
import { Updater } from '../../extension/src/updater.js';
import { listJson } from './lists.js';
import { memoryStore } from './memory.js';
import { Repository } from './repository.js';

const NOW = Date.parse('2026-11-25T12:00:00Z');

/** An updater of this repository, the list that it keeps, and the names that it asked for. */
function updaterOf(repository) {
  const asked = [];
  const store = memoryStore();
  const list = new KeptList(store);
  const values = { server: 'https://sluis.example', pin: repository.pin };
  const fetch = (url) => {
    const name = url.split('/repository/')[1];
    asked.push(name);
    const bytes = repository.files.get(name);
    return Promise.resolve(new Response(bytes, { status: bytes ? 200 : 404 }));
  };
  const settings = { kept: () => Promise.resolve({ values, problems: [] }) };
  const replace = (text, sha256) => list.replace(text, sha256, () => Promise.resolve());
  return [new Updater({ store, list, replace, settings, fetch, now: () => NOW }), list, asked];
}

test('a list from far ahead does not make what comes after it expire', async () => {
  const repository = new Repository(listJson([], { published: '2199-01-01T00:00:00Z' }));
  const [updater, list] = updaterOf(repository);
  await updater.refresh();
  repository.publish(listJson([], { version: 8 }));
  await updater.refresh();
  assert.equal((await updater.freshness()).state, 'fresh');
  assert.equal((await list.current()).version, 8);
});

test('a list that is signed to be huge is not even fetched', async () => {
  const repository = new Repository(listJson([], { filling: randomBytes(9_000_000).toString('hex') }));
  const [updater, , asked] = updaterOf(repository);
  await updater.refresh();
  assert.equal((await updater.freshness()).code, 'too-large');
  assert.ok(!asked.some((name) => name.startsWith('targets/list/')));
});
