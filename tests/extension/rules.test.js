// The rules say what the matcher says, as declarativeNetRequest applies rules.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { decide } from '../../extension/src/matcher.js';
import {
  listRules, noticePath, permitRules, RULE_IDS, stampOf, stampRule,
} from '../../extension/src/rules.js';
import { applied } from './dnr.js';
import { listOf } from './lists.js';

const AT = Date.parse('2026-11-25T12:00:00Z');
function expected(blocklist, url, type) {
  const { hostname, pathname, search } = new URL(url);
  const host = hostname.replace(/\.$/, '');
  const { verdict, entry } = decide(blocklist, host, pathname + search, AT);
  if (verdict === 'allow' || verdict === 'observe') return { type: 'allow' };
  if (type !== 'main_frame') return { type: 'block' };
  return { type: 'redirect', redirect: { extensionPath: noticePath(entry.service) } };
}

function assertSame(blocklist, urls) {
  const rules = listRules(blocklist, AT);
  for (const url of urls) {
    for (const type of ['main_frame', 'script']) {
      assert.deepEqual(applied(rules, url, type), expected(blocklist, url, type), `${url} ${type}`);
    }
  }
}

test('a service has one redirect rule, and one rule blocks what all of them would load', () => {
  const rules = listRules(listOf([
    ['suffix chatgpt.com', 'block', 'chatgpt'], ['suffix oaiusercontent.com', 'block', 'chatgpt'],
    ['suffix claude.ai', 'block', 'claude'],
  ]), AT);
  assert.deepEqual(rules.map(({ action }) => action.redirect?.extensionPath ?? action.type), [
    '/pages/notice.html?service=chatgpt', '/pages/notice.html?service=claude', 'block',
  ]);
  assert.deepEqual(rules[0].condition.requestDomains, [
    'chatgpt.com', 'chatgpt.com.', 'oaiusercontent.com', 'oaiusercontent.com.',
  ]);
  assert.deepEqual(rules.map(({ id }) => id), [10, 11, 12]);
});

test('what the list leaves open needs no rule', () => {
  const rules = listRules(listOf([['suffix a.example', 'allow'], ['suffix b.example', 'observe']]), AT);
  assert.deepEqual(rules, []);
});

test('the same list makes the same rules, in whatever order its entries stand', () => {
  const entries = [['suffix b.example', 'block', 'b'], ['suffix a.example', 'block', 'a'],
    ['exact x.a.example', 'allow', 'a'], ['path c.example/x', 'warn', 'c']];
  const rules = listRules(listOf(entries), AT);
  assert.deepEqual(listRules(listOf([...entries].reverse()), AT), rules);
});

test('suffix, exact and path as the matcher reads them, with port, user, final dot and query', () => {
  const blocklist = listOf([
    ['suffix chatgpt.com', 'block', 'a'], ['exact gemini.google.com', 'block', 'b'],
    ['path github.com/copilot', 'block', 'c'], ['path github.com/spark/', 'warn', 'd'],
    ['path a.example/x.y', 'block', 'e'], ['exact deep.b.chatgpt.com', 'warn', 'f'],
  ]);
  const hosts = ['chatgpt.com', 'chatgpt.com.', 'u:p@chatgpt.com', 'chatgpt.com:8443',
    'x.chatgpt.com', 'notchatgpt.com', 'gemini.google.com', 'gemini.google.com.',
    'u@gemini.google.com:8080', 'x.gemini.google.com', 'google.com', 'deep.b.chatgpt.com',
    'x.deep.b.chatgpt.com', 'github.com', 'www.github.com', 'u:p@github.com:80', 'a.example'];
  const paths = ['/', '/copilot', '/copilot/x', '/copilot?q', '/copilot#f', '/copilots', '/Copilot',
    '/x?u=https://gemini.google.com/copilot', '/spark', '/spark/', '/spark/x', '/x.y', '/xzy'];
  assertSame(blocklist, hosts.flatMap((host) => paths.map((path) => `https://${host}${path}`)));
});

test('open names below blocked ones, and blocked ones below those', () => {
  const blocklist = listOf([
    ['suffix example', 'block', 'a'], ['suffix b.example', 'allow', 'b'],
    ['suffix c.b.example', 'block', 'c'], ['exact c.b.example', 'observe', 'c'],
    ['path c.b.example/x', 'block', 'a'], ['path c.b.example/x/y', 'allow', 'a'],
    ['suffix d.b.example', 'observe', 'd'], ['suffix d.example', 'warn', 'd'],
  ], { never: ['never.c.b.example'] });
  const hosts = ['example', 'x.example', 'b.example', 'x.b.example', 'c.b.example',
    'x.c.b.example', 'd.b.example', 'd.example', 'never.c.b.example', 'x.never.c.b.example'];
  const paths = ['/', '/x', '/x/y', '/x/y/z', '/xy'];
  assertSame(blocklist, hosts.flatMap((host) => paths.map((path) => `http://${host}${path}`)));
});

test('any list at all', () => {
  let seed = 20261125;
  const roll = (sides) => {
    seed = (seed * 48271) % 2147483647; // Lehmer's generator: the same lists in every run
    return seed % sides;
  };
  const one = (all) => all[roll(all.length)];
  const host = () => Array.from({ length: 1 + roll(4) }, () => one(['a', 'b', 'ab'])).join('.');
  const path = () => `/${Array.from({ length: 1 + roll(3) }, () => one(['x', 'y'])).join('/')}`;
  for (let turn = 0; turn < 200; turn += 1) {
    const entries = Array.from({ length: 1 + roll(12) }, () => {
      const kind = one(['suffix', 'suffix', 'exact', 'path']);
      const value = kind === 'path' ? host() + path() : host();
      return [`${kind} ${value}`, one(['allow', 'observe', 'warn', 'block']), one(['p', 'q', 'r'])];
    });
    const never = roll(4) ? [] : [host()];
    const urls = Array.from({ length: 40 }, () => `https://${host()}${one(['', '.'])}${path()}`);
    assertSame(listOf(entries, { never }), urls);
  }
});

test('a permit lifts the warning of its service and nothing else', () => {
  const blocklist = listOf([
    ['suffix warned.example', 'warn', 'one'], ['suffix blocked.example', 'block', 'one'],
    ['suffix other.example', 'warn', 'other'], ['suffix below.warned.example', 'block', 'other'],
  ]);
  const rules = [...listRules(blocklist, AT), ...permitRules(blocklist, AT, new Set(['one']))];
  const at = (host, type) => applied(rules, `https://${host}/`, type).type;
  assert.equal(at('warned.example', 'main_frame'), 'allow');
  assert.equal(at('x.warned.example', 'websocket'), 'allow');
  assert.equal(at('blocked.example', 'main_frame'), 'redirect');
  assert.equal(at('other.example', 'main_frame'), 'redirect');
  assert.equal(at('below.warned.example', 'main_frame'), 'redirect');
  assert.ok(permitRules(blocklist, AT, new Set(['one'])).every(({ id }) => id >= RULE_IDS.permits));
});

test('the stamp can be read back and stops nothing', () => {
  const rules = [...listRules(listOf([['suffix a.example', 'block']]), AT), stampRule('7-abc')];
  assert.equal(stampOf(rules), '7-abc');
  assert.equal(stampOf([]), null);
  assert.equal(applied(rules, 'https://stamp.invalid/', 'other').type, 'allow');
});
