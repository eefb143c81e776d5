// The matcher says what its twin in Python says: both pass vectors/matching.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { parseHost } from '../../extension/src/hosts.js';
import { decide } from '../../extension/src/matcher.js';
import { listOf } from './lists.js';

const AT = Date.parse('2026-11-25T12:00:00Z');

function rows(name) {
  const text = readFileSync(new URL(`../vectors/matching/${name}`, import.meta.url), 'utf8');
  return text.trimEnd().split('\n').slice(1).map((line) => line.split('\t'));
}

function verdictOf(blocklist, text) {
  let host;
  try {
    host = parseHost(text);
  } catch {
    return ['invalid', '-'];
  }
  const { verdict, entry } = decide(blocklist, host, '/', AT);
  return [verdict, entry ? `${entry.kind} ${entry.value}` : '-'];
}

const vectors = listOf(rows('entries.tsv').map(
  ([kind, value, verdict]) => [`${kind} ${value}`, verdict]));

for (const [text, verdict, entry] of rows('expected.tsv')) {
  test(`${text} is ${verdict} by ${entry}`, () => {
    assert.deepEqual(verdictOf(vectors, JSON.parse(`"${text}"`)), [verdict, entry]);
  });
}

test('a path entry holds at and below its prefix, at a slash', () => {
  const paths = ['/copilot', '/copilot/x', '/copilot?x', '/copilot#x', '/copilots', '/', '/Copilot'];
  const verdicts = paths.map((path) => decide(vectors, 'github.com', path, AT).verdict);
  assert.deepEqual(verdicts, ['block', 'block', 'block', 'block', 'allow', 'allow', 'allow']);
});

test('a path cannot hide behind escapes', () => {
  const paths = ['/%63opilot', '/c%6Fpil%6ft', '/%2563opilot', '/copilot%2Fopen', '/%e2%63opilot'];
  const verdicts = paths.map((path) => decide(vectors, 'github.com', path, AT).verdict);
  assert.deepEqual(verdicts, ['block', 'block', 'allow', 'allow', 'allow']);
});

test('addresses match no entry', () => {
  for (const text of ['203.0.113.5', '[2001:db8::5]:443', '0x7f.1', '3232235777']) {
    assert.equal(parseHost(text), null);
    assert.equal(decide(vectors, null, '/', AT).verdict, 'allow');
  }
});

test('the never block set wins over every entry', () => {
  const blocklist = listOf([['suffix example.org', 'block'], ['path login.example.org/x', 'block']],
    { never: ['login.example.org'] });
  const hosts = ['example.org', 'login.example.org', 'a.login.example.org'];
  assert.deepEqual(
    hosts.map((host) => decide(blocklist, host, '/x', AT).verdict), ['block', 'allow', 'allow']);
});

test('between two services the stricter verdict wins', () => {
  const mild = ['suffix chat.example', 'observe', 'mild'];
  const strict = ['suffix chat.example', 'warn', 'strict'];
  for (const entries of [[mild, strict], [strict, mild]]) {
    const decision = decide(listOf(entries), 'chat.example', '/', AT);
    assert.deepEqual([decision.verdict, decision.entry.service], ['warn', 'strict']);
  }
});

test('a decision holds from its start and until its end; the next one then decides', () => {
  const blocklist = listOf([['suffix chat.example', 'block']], {
    decisions: {
      approval: { verdict: 'allow', from: '2026-11-25T13:00:00Z', until: '2026-11-25T14:00:00Z' },
      'test block': { verdict: 'block', why: 'agreement' },
    },
    entries: [{
      kind: 'suffix', value: 'chat.example', service: 'one', decisions: ['approval', 'test block'],
    }],
  });
  const at = (time) => decide(blocklist, 'chat.example', '/', Date.parse(time)).verdict;
  assert.equal(at('2026-11-25T12:59:59.999Z'), 'block');
  assert.equal(at('2026-11-25T13:00:00Z'), 'allow');
  assert.equal(at('2026-11-25T13:59:59.999Z'), 'allow');
  assert.equal(at('2026-11-25T14:00:00Z'), 'block');
});
