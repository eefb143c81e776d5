// What is no blocklist is refused whole, in words.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { BadBlocklist, effective, parseBlocklist } from '../../extension/src/blocklist.js';
import { listJson, listOf } from './lists.js';

const BLOCKED = [['suffix chatgpt.com', 'block', 'chatgpt']];

test('a list is read with all its parts', () => {
  const blocklist = listOf(BLOCKED, {
    trial: true, contact: { nl: 'de servicedesk' }, links: { request: 'https://a.example/' },
    alternatives: [{ id: 'a', name: 'A', url: 'https://a.example/', country: 'NL', for: ['search'] }],
  });
  assert.equal(blocklist.version, 7);
  assert.equal(blocklist.trial, true);
  assert.equal(blocklist.services.get('chatgpt').name, 'Service chatgpt');
  assert.deepEqual(blocklist.alternatives[0].categories, ['search']);
  assert.deepEqual(blocklist.byHost.get('chatgpt.com').map(({ value }) => value), ['chatgpt.com']);
});

test('what a later format adds is passed over', () => {
  assert.equal(listOf(BLOCKED, { novelty: [1, 2] }).entries.length, 1);
});

const WRONG = {
  'it is not JSON': () => '{"format":1',
  'the list: an object is wanted': () => '[]',
  'format 2 is not known': () => listJson(BLOCKED, { format: 2 }),
  'published: a time is wanted': () => listJson(BLOCKED, { published: 'yesterday' }),
  'never: a host in normal form is wanted': () => listJson(BLOCKED, { never: ['Login.example'] }),
  'entry suffix CHATGPT.com: a host in normal form is wanted': () => (
    listJson([['suffix CHATGPT.com', 'block']])),
  'entry regex x.example: another kind': () => listJson([['regex x.example', 'block']]),
  'entry path github.com: a path stands in path entries, and only there': () => (
    listJson([['path github.com', 'block']])),
  'entry exact github.com/x: a path stands in path entries, and only there': () => (
    listJson([['exact github.com/x', 'block']])),
  'entry suffix chatgpt.com: the service is not listed': () => listJson(BLOCKED, { services: {} }),
  'entry suffix chatgpt.com: a decision is not listed': () => listJson(BLOCKED, { decisions: {} }),
  'decisions: test deny: the verdict is not known': () => listJson([['suffix a.example', 'deny']]),
  'links: request: a text is wanted': () => listJson(BLOCKED, { links: { request: 1 } }),
};

for (const [message, json] of Object.entries(WRONG)) {
  test(`refused: ${message}`, () => {
    assert.throws(() => parseBlocklist(json()), new BadBlocklist(message));
  });
}

test('a clock that was turned back does not turn the decisions back', () => {
  const blocklist = listOf(BLOCKED);
  const published = Date.parse('2026-11-25T12:00:00Z');
  assert.equal(effective(blocklist, Date.parse('2020-01-01T00:00:00Z')), published);
  assert.equal(effective(blocklist, published + 5), published + 5);
});
