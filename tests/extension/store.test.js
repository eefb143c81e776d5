// Keys and values, and metadata's bytes below a prefix.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { StoredFolder } from '../../extension/src/store.js';
import { turns } from '../../extension/src/turns.js';
import { memoryStore } from './memory.js';

test('what lies under a prefix comes by the rest of its key', async () => {
  const store = memoryStore({ 'v:1': 'a', 'v:2': 'b', other: 'c' });
  assert.deepEqual(await store.under('v:'), new Map([['1', 'a'], ['2', 'b']]));
  assert.deepEqual(await store.under('w:'), new Map());
  assert.equal(await store.get('none'), undefined);
  await store.remove('v:1', 'v:2');
  assert.deepEqual(await store.under('v:'), new Map());
});

test('bytes come back as they were, whatever their length', async () => {
  const folder = new StoredFolder(memoryStore(), 'tuf:1:aa:');
  for (const length of [0, 1, 0x8000, 100_000]) {
    const bytes = Uint8Array.from({ length }, (_, place) => place % 251);
    await folder.put('root.json', bytes);
    assert.deepEqual(await folder.get('root.json'), bytes);
  }
  assert.equal(await folder.get('timestamp.json'), undefined);
});

test('turns are taken in order, and one that fails does not stop the next', async () => {
  const [inTurn, seen] = [turns(), []];
  const slow = inTurn(async () => {
    await new Promise((resolve) => { setTimeout(resolve, 10); });
    seen.push('slow');
    throw new Error('it failed');
  });
  const quick = inTurn(() => Promise.resolve(seen.push('quick')));
  await assert.rejects(slow, { message: 'it failed' });
  await quick;
  assert.deepEqual(seen, ['slow', 'quick']);
});
