// When check-ins and reports go, and what their size says.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Refused } from '../../extension/src/enrol.js';
import { padded, Reports } from '../../extension/src/reports.js';
import { memoryStore } from './memory.js';

const MINUTE = 60_000;
const SETTINGS = { server: 'https://sluis.example', enrolment: 'a-token' };
const ON = { reporting: true, trial: false };

/** Reports of a profile with `waiting` violations; `sent` collects the bodies of reports. */
function begun({ waiting = [], checkIn = () => ({ interval: 60, tickets: ['a1', 'b2'] }), chance = 0.5 } = {}) {
  const self = { now: 0, checkIns: [], sent: [], cleared: 0, content: {} };
  const outbox = {
    closed: () => Promise.resolve(waiting),
    acknowledge: () => Promise.resolve(waiting.splice(0)),
    clear: () => { self.cleared += 1; return Promise.resolve(); },
  };
  const enrolment = {
    ensure: () => Promise.resolve(),
    post: async (_, path, content) => {
      self.checkIns.push({ path, content });
      return { status: 200, body: await checkIn() };
    },
  };
  const fetch_ = (url, { headers, body }) => {
    self.sent.push({ url, ticket: headers.Authorization, body: new TextDecoder().decode(body) });
    return Promise.resolve(new Response(JSON.stringify({ results: [], now: '2026-11-25T12:00:00Z' })));
  };
  self.reports = new Reports({
    store: memoryStore(self.content), outbox, enrolment, fetch: fetch_, now: () => self.now,
    chance: () => chance, condition: () => Promise.resolve({ list: { version: 7, state: 'fresh' } }),
  });
  self.tick = (mode = ON) => self.reports.tick(SETTINGS, mode);
  return self;
}

test('a check-in says the condition and how many tickets are held', async () => {
  const self = begun();
  await self.tick();
  self.now += MINUTE;
  await self.tick();
  assert.deepEqual(self.checkIns[0], {
    path: '/v1/device/check-ins', content: { list: { version: 7, state: 'fresh' }, tickets: 0 },
  });
  assert.equal(self.checkIns[1].content.tickets, 2);
});

test('no server can silence a profile, or let it ask without end', async () => {
  for (const [interval, minutes] of [[1e12, 60], ['never', 1], [-5, 1 / 6]]) {
    const self = begun({ checkIn: () => ({ interval, tickets: [] }) });
    await self.tick();
    assert.equal((await self.reports.plan()).next, minutes * MINUTE);
  }
});

test('a report goes at a moment of its own after the check-in, also when it is empty', async () => {
  const self = begun();
  await self.tick();
  self.now += 29_999;
  await self.tick();
  assert.equal(self.sent.length, 0);
  self.now += 1;
  await self.tick();
  await self.tick();
  assert.equal(self.sent.length, 1);
  const [{ url, ticket, body }] = self.sent;
  assert.deepEqual([url, ticket], ['https://sluis.example/v1/reports', 'Ticket a1']);
  assert.deepEqual(JSON.parse(body).violations, []);
});

test('in a trial what is closed goes at once, on a ticket asked for it if need be', async () => {
  const self = begun({ waiting: [{ id: 'one' }] });
  await self.tick({ reporting: true, trial: true });
  assert.deepEqual(JSON.parse(self.sent[0].body).violations, [{ id: 'one' }]);
});

test('nothing is sent, and what waits is deleted, while reporting is off', async () => {
  const self = begun({ waiting: [{ id: 'one' }] });
  await self.tick({ reporting: false, trial: true });
  self.now += 5 * MINUTE;
  await self.tick({ reporting: false, trial: true });
  assert.equal(self.sent.length, 0);
  assert.equal(self.cleared, 2);
  assert.equal(self.checkIns.length, 2);
});

test('a ticket is used once, whatever becomes of the report', async () => {
  const self = begun({ waiting: [{ id: 'one' }], checkIn: () => ({ interval: 60, tickets: ['only'] }) });
  await self.tick();
  self.now += 30_000;
  await self.tick();
  assert.deepEqual(self.content.tickets, []);
});

test('a server that refuses or is away is asked less and less often', async () => {
  const self = begun({ checkIn: () => { throw new Refused('token'); }, chance: 1 });
  const waits = [];
  for (let turn = 0; turn < 9; turn += 1) {
    await self.tick();
    const { next, code } = await self.reports.plan();
    assert.equal(code, 'token');
    waits.push((next - self.now) / MINUTE);
    self.now = next;
  }
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
});

test('the size of a report says little', () => {
  const one = { id: 'x'.repeat(36), service: 'chatgpt', host: 'chatgpt.com' };
  const sizes = [0, 1, 5, 20].map((count) => padded(Array(count).fill(one)).length);
  assert.deepEqual(new Set(sizes), new Set([8192]));
  assert.equal(padded(Array(200).fill(one)).length % 8192, 0);
  assert.equal(padded([{ host: 'é' }]).length, 8192);
});
