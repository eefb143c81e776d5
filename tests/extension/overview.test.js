// What the popup says of the state, this page and the settings.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { overview } from '../../extension/src/overview.js';
import { sayer } from '../../extension/src/texts.js';
import { listOf } from './lists.js';

const say = sayer(JSON.parse(
  readFileSync(new URL('../../extension/_locales/en/messages.json', import.meta.url))));
const LIST = listOf([
  ['suffix chatgpt.com', 'block', 'chatgpt'], ['suffix warned.example', 'warn', 'warned'],
  ['suffix counted.example', 'observe', 'counted'],
]);
const SET = { values: { server: 'https://sluis.example', pin: '1:aa' }, problems: [] };

function seen(changes) {
  return overview({
    blocklist: LIST, freshness: { state: 'fresh', code: null, at: 0 }, health: { state: 'in-force' },
    settings: SET, fault: undefined, address: undefined, stopped: null, permitted: new Set(),
    now: Date.parse('2026-11-25T12:00:00Z'), language: 'en', say, ...changes,
  });
}

test('all is well', () => {
  const { organisation, state, list, here, settings, codes } = seen({});
  assert.equal(organisation, 'Gemeente Voorbeeld');
  assert.deepEqual(state, ['The list is up to date.']);
  assert.match(list[0], /^List of 25 November 2026 at \d\d:00$/);
  assert.equal(list[1], 'Version 7');
  assert.deepEqual([here, settings, codes], [null, [], []]);
});

const HERE = [
  ['https://chatgpt.com/', {}, 'block', 'You cannot use Service chatgpt here.'],
  ['https://a.warned.example/', {}, 'warn', 'Sluis gives a warning at Service warned.'],
  ['https://warned.example/', { permitted: new Set(['warned']) }, 'allow',
    'You can use Service warned until the end of the day.'],
  ['https://counted.example/', {}, 'observe', 'You can use Service counted. We count how often that happens.'],
  ['https://else.example/', {}, 'allow', 'Sluis stops nothing here.'],
  ['chrome-extension://sluis/pages/notice.html', { stopped: 'chatgpt' }, 'block',
    'You cannot use Service chatgpt here.'],
];

for (const [address, changes, verdict, text] of HERE) {
  test(`${address} is ${verdict}`, () => {
    assert.deepEqual(seen({ address, ...changes }).here, { verdict, text });
  });
}

test('what is wrong is said, with a code for the help desk', () => {
  const { state, settings, codes } = seen({
    freshness: { state: 'refused', code: 'unsigned', at: 0 },
    health: { state: 'not-in-force', code: 'rules' }, fault: 'settings: QuotaExceededError',
    settings: { ...SET, problems: ['language'] },
  });
  assert.deepEqual(state, [
    'A new list was not right and was refused. The last list stays in force.',
    'The rules are not in force in this browser.',
  ]);
  assert.deepEqual(settings, ['The setting language is not right and is ignored.']);
  assert.deepEqual(codes.map((line) => line.split(': ').slice(1).join(': ')), [
    'unsigned', 'rules', 'settings: QuotaExceededError',
  ]);
});

test('a browser that nobody has set up says so', () => {
  const { organisation, state, settings, here } = seen({
    blocklist: null, freshness: undefined, health: undefined, settings: { values: {}, problems: [] },
    address: 'https://chatgpt.com/',
  });
  assert.equal(organisation, 'Your organisation');
  assert.deepEqual(state, ['There is no list yet. Sluis stops nothing here yet.']);
  assert.deepEqual(settings, ['Your organisation has not set up this browser yet.']);
  assert.equal(here, null);
});
