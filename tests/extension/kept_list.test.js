// The list in force is replaced by a good one, and by nothing else.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { KeptList } from '../../extension/src/kept_list.js';
import { listJson } from './lists.js';
import { memoryStore } from './memory.js';

const FIRST = listJson([['suffix a.example', 'block']]);
const enforced = () => Promise.resolve();

test('there is none at first; then it survives the worker', async () => {
  const store = memoryStore();
  const list = new KeptList(store);
  assert.deepEqual([await list.current(), await list.sha256()], [null, null]);
  await list.replace(FIRST, 'hash-1', enforced);
  assert.equal((await list.current()).version, 7);
  const later = new KeptList(store);
  assert.deepEqual([(await later.current()).version, await later.sha256()], [7, 'hash-1']);
});

test('what is no list changes nothing', async () => {
  const store = memoryStore();
  const list = new KeptList(store);
  await list.replace(FIRST, 'hash-1', enforced);
  await assert.rejects(list.replace('{"format":2}', 'hash-2', enforced), { name: 'BadBlocklist' });
  for (const one of [list, new KeptList(store)]) {
    assert.deepEqual([(await one.current()).version, await one.sha256()], [7, 'hash-1']);
  }
});

test('it is stored when it has come in force, and not where that raised', async () => {
  const store = memoryStore();
  const list = new KeptList(store);
  await list.replace(FIRST, 'hash-1', enforced);
  const second = listJson([], { version: 8 });
  const storage = new Error('storage');
  await assert.rejects(list.replace(second, 'hash-2', () => Promise.reject(storage)), storage);
  assert.deepEqual([(await list.current()).version, await list.sha256()], [7, 'hash-1']);
  let stored;
  await list.replace(second, 'hash-2', async () => {
    stored = (await new KeptList(store).current()).version;
  });
  assert.deepEqual([stored, (await new KeptList(store).current()).version], [7, 8]);
});

test('a list that was damaged on disk counts as none, so that it is fetched again', async () => {
  const list = new KeptList(memoryStore({ list: { text: FIRST.slice(0, 50), sha256: 'hash-1' } }));
  assert.deepEqual([await list.current(), await list.sha256()], [null, null]);
});
