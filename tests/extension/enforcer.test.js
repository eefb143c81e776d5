// The enforcer writes what is not there yet, heals what was lost, and survives what it cannot set.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Enforcer } from '../../extension/src/enforcer.js';
import { listOf } from './lists.js';

const AT = Date.parse('2026-11-25T12:00:00Z');
const NOBODY = new Set();

function ruleStore() {
  const self = { dynamic: [], session: [], written: 0 };
  return Object.assign(self, {
    installed: () => Promise.resolve(self.dynamic),
    replace: (rules) => { self.written += 1; self.dynamic = rules; return Promise.resolve(); },
    replaceSession: (rules) => { self.session = rules; return Promise.resolve(); },
    supports: (regex) => Promise.resolve(!regex.includes('verylong')),
  });
}

test('the same list is written once, also after a new start', async () => {
  const [rules, list] = [ruleStore(), listOf([['suffix a.example', 'block']])];
  for (let life = 0; life < 3; life += 1) {
    assert.deepEqual(await new Enforcer(rules).apply(list, AT, NOBODY), { state: 'in-force' });
  }
  assert.equal(rules.written, 1);
});

test('rules that the browser lost are set again', async () => {
  const [rules, list] = [ruleStore(), listOf([['suffix a.example', 'block']])];
  const enforcer = new Enforcer(rules);
  await enforcer.apply(list, AT, NOBODY);
  for (const lost of [[], rules.dynamic.slice(0, 1), rules.dynamic.slice(1)]) {
    rules.dynamic = lost;
    await enforcer.apply(list, AT, NOBODY);
    assert.equal(rules.dynamic.length, 3);
  }
});

test('the same list at another hour has other rules where a decision ends', async () => {
  const until = new Date(AT + 1000).toISOString();
  const list = listOf([['suffix a.example', 'block']], {
    decisions: { 'test block': { verdict: 'block', why: 'agreement', until } },
  });
  const rules = ruleStore();
  await new Enforcer(rules).apply(list, AT, NOBODY);
  assert.equal(rules.dynamic.length, 3);
  await new Enforcer(rules).apply(list, AT + 1000, NOBODY);
  assert.equal(rules.dynamic.length, 1);
});

test('an expression that is too long costs its own rule and no other', async () => {
  const rules = ruleStore();
  const list = listOf([['path a.example/verylong', 'block', 'a'], ['suffix b.example', 'block', 'b']]);
  assert.deepEqual(await new Enforcer(rules).apply(list, AT, NOBODY), { state: 'in-force', code: 'partly' });
  assert.ok(rules.dynamic.some(({ condition }) => condition.requestDomains.includes('b.example')));
});

test('rules that vanish as soon as they are set are not in force', async () => {
  const rules = { ...ruleStore(), replace: () => Promise.resolve() };
  const health = await new Enforcer(rules).apply(listOf([['suffix a.example', 'block']]), AT, NOBODY);
  assert.deepEqual(health, { state: 'not-in-force', code: 'rules' });
});

test('permits are set as session rules and taken back', async () => {
  const [rules, list] = [ruleStore(), listOf([['suffix a.example', 'warn', 'one']])];
  const enforcer = new Enforcer(rules);
  await enforcer.apply(list, AT, new Set(['one']));
  assert.equal(rules.session.length, 1);
  await enforcer.apply(list, AT, NOBODY);
  assert.deepEqual(rules.session, []);
  assert.equal(rules.written, 1);
});
