// The TUF client against repositories that python-tuf made, honest and attacked (vectors/tuf).

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

import { TufClient } from '../../extension/src/tuf.js';
import { DownloadError, RepositoryError } from '../../extension/src/tuf/errors.js';
import { Folder, Published } from './published.js';

const VECTORS = new URL('../vectors/tuf/', import.meta.url);
const LIST = 'list/blocklist.json.gz';

function vector(name) {
  return JSON.parse(readFileSync(new URL(`${name}.json`, VECTORS), 'utf8'));
}

/** One refresh: ["ok", what the list then holds] or [the code of the refusal]. */
async function refresh(published, folder, root, now) {
  const bootstrap = new TextEncoder().encode(root);
  const { fetchFile } = published;
  try {
    const client = new TufClient({ fetchFile, folder, bootstrap, now: Date.parse(now) });
    await client.refresh();
    const target = await client.find(LIST);
    return ['ok', target ? new TextDecoder().decode(await client.download(target)) : null];
  } catch (error) {
    if (error instanceof DownloadError) return ['unreachable'];
    if (error instanceof RepositoryError) return [error.code];
    throw error;
  }
}

for (const file of readdirSync(VECTORS).filter((name) => name.endsWith('.json'))) {
  const { about, root, steps } = vector(file.replace('.json', ''));
  test(`${file}: ${about}`, async () => {
    const published = new Published();
    const folder = new Folder();
    for (const { files, now, want, target } of steps) {
      published.publish(files);
      const expected = want === 'ok' ? [want, target] : [want];
      assert.deepEqual(await refresh(published, folder, root, now), expected);
    }
  });
}

test('what was refused is not kept, and an honest repository goes on from there', async () => {
  const { root, steps: [first, attacked] } = vector('timestamp_tampered');
  const { steps: [, honest] } = vector('new_list');
  const [published, folder] = [new Published(), new Folder()];
  published.publish(first.files);
  await refresh(published, folder, root, first.now);
  const before = new Map(folder.kept);
  published.publish(attacked.files);
  assert.deepEqual(await refresh(published, folder, root, first.now), ['unsigned']);
  assert.deepEqual(folder.kept, before);
  published.publish(honest.files);
  assert.deepEqual(await refresh(published, folder, root, first.now), ['ok', 'the second list']);
});

test('damaged files in the folder are fetched again', async () => {
  const { root, steps: [{ files, now }] } = vector('nothing_new');
  const [published, folder] = [new Published(), new Folder()];
  published.publish(files);
  await refresh(published, folder, root, now);
  for (const name of folder.kept.keys()) folder.kept.set(name, new Uint8Array([123, 0]));
  assert.deepEqual(await refresh(published, folder, root, now), ['ok', 'the first list']);
});

test('a refresh that brings nothing asks for two files', async () => {
  const { root, steps: [{ files, now }] } = vector('nothing_new');
  const [published, folder] = [new Published(), new Folder()];
  published.publish(files);
  await refresh(published, folder, root, now);
  published.asked.length = 0;
  const bootstrap = new TextEncoder().encode(root);
  const { fetchFile } = published;
  const client = new TufClient({ fetchFile, folder, bootstrap, now: Date.parse(now) });
  await client.refresh();
  await client.find(LIST);
  assert.deepEqual(published.asked, ['2.root.json', 'timestamp.json']);
});

test('a file without end is cut off', async () => {
  const { root, steps: [{ files, now }] } = vector('nothing_new');
  const [published, folder] = [new Published(), new Folder()];
  published.publish({ ...files, 'timestamp.json': ' '.repeat(20_000) });
  assert.deepEqual(await refresh(published, folder, root, now), ['too-large']);
});
