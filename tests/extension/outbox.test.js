// The outbox: one key a violation, open, closed, acknowledged one by one.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Outbox } from '../../extension/src/outbox.js';
import { newViolation } from '../../extension/src/violation.js';
import { counting, memoryStore } from './memory.js';

const AT = Date.parse('2026-11-25T12:34:56Z');
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

function begun() {
  const [content, random] = [{}, counting()];
  const outbox = new Outbox({ store: memoryStore(content), random });
  const met = { service: 'chatgpt', host: 'chatgpt.com', layer: 'rule', kind: 'attempt', verdict: 'block' };
  const add = (changes = {}, at = AT) => (
    outbox.add(newViolation({ ...met, ...changes }, at, random(10)), at, 10 * MINUTE));
  return { content, outbox, add };
}

test('repeats within ten minutes add to times', async () => {
  const { outbox, add } = begun();
  const id = await add();
  assert.equal(await add({ layer: 'net' }, AT + 9 * MINUTE), id);
  const [violation, ...more] = await outbox.closed(AT + 11 * MINUTE, 100);
  assert.deepEqual([violation.times, violation.layer, more], [2, 'rule', []]);
});

test('another service, host, kind or verdict is another violation, and so is a later one', async () => {
  const { outbox, add } = begun();
  await add();
  await add({ service: 'claude' });
  await add({ host: 'www.chatgpt.com' });
  await add({ kind: 'contact' });
  await add({ verdict: 'warn' });
  await add({}, AT + 10 * MINUTE);
  const closed = await outbox.closed(AT + DAY, 100);
  assert.deepEqual(closed.map(({ times }) => times), [1, 1, 1, 1, 1, 1]);
});

test('repeats at the same moment are all counted', async () => {
  const { outbox, add } = begun();
  await Promise.all(Array.from({ length: 20 }, () => add()));
  const [{ times }] = await outbox.closed(AT + DAY, 100);
  assert.equal(times, 20);
});

test('what is open is not sent', async () => {
  const { outbox, add } = begun();
  await add();
  assert.deepEqual(await outbox.closed(AT + 10 * MINUTE - 1, 100), []);
  assert.equal((await outbox.closed(AT + 10 * MINUTE, 100)).length, 1);
});

test('what became of it is set while it is open, and never afterwards', async () => {
  const { outbox, add } = begun();
  const id = await add({ verdict: 'warn' });
  assert.equal(await outbox.settle(id, { outcome: 'went_on', reason: 'other' }, AT + 1), true);
  assert.equal(await outbox.settle(id, { outcome: 'turned_back' }, AT + 10 * MINUTE), false);
  const [{ outcome, reason }] = await outbox.closed(AT + DAY, 100);
  assert.deepEqual([outcome, reason], ['went_on', 'other']);
});

test('a reason goes when the outcome is another after all', async () => {
  const { outbox, add } = begun();
  const id = await add({ verdict: 'warn' });
  await outbox.settle(id, { outcome: 'went_on', reason: 'other' }, AT + 1);
  await outbox.settle(id, { outcome: 'alternative' }, AT + 2);
  const [violation] = await outbox.closed(AT + DAY, 100);
  assert.equal('reason' in violation, false);
});

test('each is forgotten only when the server has named it', async () => {
  const { outbox, add } = begun();
  for (const host of ['a.example', 'b.example', 'c.example', 'd.example']) await add({ host });
  const sent = await outbox.closed(AT + DAY, 100);
  const results = [{ outcome: 'accepted' }, { outcome: 'skipped' }, { outcome: 'rejected', code: 'form' }];
  await outbox.acknowledge(sent, results, AT + DAY);
  const left = await outbox.closed(AT + DAY, 100);
  assert.deepEqual(left.map(({ host }) => host), ['d.example']);
});

test('one outside the window is made anew once, at the time of the server', async () => {
  const { outbox, add } = begun();
  const id = await add();
  const serverNow = Date.parse('2027-03-01T08:15:30Z');
  const results = [{ outcome: 'rejected', code: 'id-window' }];
  await outbox.acknowledge(await outbox.closed(AT + DAY, 100), results, serverNow);
  const again = await outbox.closed(AT + DAY, 100);
  assert.equal(again.length, 1);
  assert.notEqual(again[0].id, id);
  assert.equal(again[0].when, '2027-03-01T08:15:00Z');
  await outbox.acknowledge(again, results, serverNow);
  assert.deepEqual(await outbox.closed(AT + DAY, 100), []);
});

test('what is older than 35 days is forgotten', async () => {
  const { content, outbox, add } = begun();
  await add();
  assert.equal((await outbox.closed(AT + 35 * DAY, 100)).length, 1);
  assert.deepEqual(await outbox.closed(AT + 35 * DAY + 1, 100), []);
  assert.deepEqual(content, {});
});

test('a full outbox drops the oldest', async () => {
  const { content, add } = begun();
  await add({ host: 'oldest.example' });
  const filler = JSON.stringify(Object.values(content)[0]);
  for (let place = 1; place < 5000; place += 1) {
    content[`v:${place}`] = JSON.parse(filler.replace(/"spooled":\d+/, `"spooled":${AT + place}`));
    content[`v:${place}`].violation.id = String(place);
    content[`v:${place}`].violation.host = `${place}.example`;
  }
  await add({ host: 'newest.example' }, AT + 5000);
  const hosts = Object.values(content).map(({ violation }) => violation.host);
  assert.equal(hosts.length, 5000);
  assert.ok(hosts.includes('newest.example') && !hosts.includes('oldest.example'));
});
