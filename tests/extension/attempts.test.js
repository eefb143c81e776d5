// What is counted, once, and what is not.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Attempts } from '../../extension/src/attempts.js';
import { Outbox } from '../../extension/src/outbox.js';
import { Permits } from '../../extension/src/permits.js';
import { listOf } from './lists.js';
import { counting, memoryStore } from './memory.js';

const NOW = Date.parse('2026-11-25T12:34:56Z');
const LIST = listOf([
  ['suffix chatgpt.com', 'block', 'chatgpt'], ['suffix warned.example', 'warn', 'warned'],
  ['suffix counted.example', 'observe', 'counted'], ['path github.com/copilot', 'warn', 'copilot'],
]);

function begun({ list = LIST, reporting = true } = {}) {
  const self = { now: NOW, content: {}, session: {} };
  const store = memoryStore(self.content);
  self.permits = new Permits(store);
  self.attempts = new Attempts({
    list: { current: () => Promise.resolve(list) },
    outbox: new Outbox({ store, random: counting() }),
    permits: self.permits,
    store,
    session: memoryStore(self.session),
    reporting: () => Promise.resolve(reporting),
    noticeService: (url) => /^ours:\/\/notice\?(.*)$/.exec(url)?.[1] ?? null,
    spooled: () => {},
    now: () => self.now,
    random: counting(),
  });
  self.redirected = (url, service, more = {}) => self.attempts.redirected({
    requestId: '1', tabId: 1, url, redirectUrl: `ours://notice?${service}`, timeStamp: self.now, ...more,
  });
  self.committed = (url, more = {}) => self.attempts.committed({
    tabId: 1, frameId: 0, url, timeStamp: self.now, ...more,
  });
  self.failed = (url, error = 'net::ERR_BLOCKED_BY_CLIENT') => (
    self.attempts.failed({ url, error, timeStamp: self.now }));
  self.violations = () => Object.entries(self.content)
    .filter(([key]) => key.startsWith('v:'))
    .map(([, { violation: { service, host, layer, kind, verdict, outcome, times } }]) => (
      [service, host, layer, kind, verdict, outcome, times].join(' ')));
  return self;
}

test('a redirect to our notice is an attempt of the layer rule', async () => {
  const self = begun();
  assert.equal(await self.redirected('https://u:p@www.chatgpt.com:8443/c/x?q=y', 'chatgpt'), true);
  assert.deepEqual(self.violations(), ['chatgpt www.chatgpt.com rule attempt block stopped 1']);
});

test("a site's own redirect is none", async () => {
  const self = begun();
  const redirectUrl = 'https://chatgpt.com/login';
  assert.equal(await self.redirected('https://chatgpt.com/', 'chatgpt', { redirectUrl }), false);
  assert.deepEqual(self.violations(), []);
});

test('a warned page is an attempt with that verdict', async () => {
  const self = begun();
  await self.redirected('https://warned.example/', 'warned');
  assert.deepEqual(self.violations(), ['warned warned.example rule attempt warn stopped 1']);
});

test('prerendered pages and requests of no tab are not counted', async () => {
  const self = begun();
  await self.redirected('https://chatgpt.com/', 'chatgpt', { documentLifecycle: 'prerender' });
  await self.redirected('https://chatgpt.com/', 'chatgpt', { tabId: -1 });
  assert.equal(await self.committed('https://chatgpt.com/', { documentLifecycle: 'prerender' }), null);
  assert.equal(await self.committed('https://chatgpt.com/', { frameId: 3 }), null);
  assert.deepEqual(self.violations(), []);
});

test('a page whose address hides its path from the rules falls into the net', async () => {
  const self = begun();
  assert.equal(await self.committed('https://github.com/%63opilot/x'), 'copilot');
  assert.deepEqual(self.violations(), ['copilot github.com net attempt warn stopped 1']);
});

test('a page that was committed all the same gives its notice and counts for the net', async () => {
  const self = begun();
  assert.equal(await self.committed('https://chatgpt.com/'), 'chatgpt');
  assert.equal(await self.committed('https://allowed.example/'), null);
  assert.equal(await self.committed('https://github.com/other'), null);
  assert.deepEqual(self.violations(), ['chatgpt chatgpt.com net attempt block stopped 1']);
});

test('what two layers see within seconds is one attempt of the first', async () => {
  const self = begun();
  await self.redirected('https://chatgpt.com/', 'chatgpt');
  self.now += 2_000;
  await self.committed('https://chatgpt.com/');
  assert.deepEqual(self.violations(), ['chatgpt chatgpt.com rule attempt block stopped 1']);
  self.now += 2_000;
  await self.redirected('https://chatgpt.com/', 'chatgpt');
  assert.deepEqual(self.violations(), ['chatgpt chatgpt.com rule attempt block stopped 2']);
});

test('what observe lets through is counted and not stopped', async () => {
  const self = begun();
  assert.equal(await self.committed('https://counted.example/'), null);
  assert.deepEqual(self.violations(), ['counted counted.example net attempt observe let_through 1']);
  assert.deepEqual(self.session, {});
});

test('where somebody went on nothing is stopped or counted', async () => {
  const self = begun();
  await self.permits.grant('warned', NOW + 1000);
  assert.equal(await self.committed('https://warned.example/'), null);
  assert.deepEqual(self.violations(), []);
  self.now += 1000;
  assert.equal(await self.committed('https://warned.example/'), 'warned');
});

test('what a page loads and our rule blocks is a contact, once a service and day', async () => {
  const self = begun();
  await Promise.all([1, 2, 3].map(() => self.failed('https://cdn.chatgpt.com/widget.js')));
  await self.failed('wss://chatgpt.com/socket');
  await self.failed('https://warned.example/pixel');
  await self.failed('https://allowed.example/ad.js');
  await self.failed('https://chatgpt.com/x', 'net::ERR_ABORTED');
  await self.failed('https://counted.example/x');
  assert.deepEqual(self.violations(), [
    'chatgpt cdn.chatgpt.com rule contact block stopped 1',
    'warned warned.example rule contact warn stopped 1',
  ]);
  self.now += 86_400_000;
  await self.failed('https://cdn.chatgpt.com/widget.js');
  assert.equal(self.violations().length, 3);
});

test('while reporting is off nothing is kept but what the notice in the tab needs', async () => {
  const self = begun({ reporting: false });
  await self.redirected('https://chatgpt.com/', 'chatgpt');
  await self.failed('https://chatgpt.com/widget.js');
  await self.committed('https://counted.example/');
  assert.deepEqual(self.content, {});
  assert.deepEqual(self.session['tab:1'].id, null);
});

test('the tab remembers where the site begins, by the list and not by the visit', async () => {
  const self = begun();
  await self.redirected('http://github.com/copilot/chats/secret?q=1', 'copilot');
  assert.equal((await self.attempts.inTab(1, 'copilot')).start, 'http://github.com/copilot');
  assert.equal(await self.attempts.inTab(1, 'chatgpt'), null);
  assert.equal(await self.attempts.inTab(2, 'copilot'), null);
  await self.attempts.closed(1);
  assert.equal(await self.attempts.inTab(1, 'copilot'), null);
});

test('a reason is a choice', async () => {
  const self = begun();
  await self.redirected('https://warned.example/', 'warned');
  await self.attempts.settle(1, 'warned', 'went_on', 'because I say so');
  assert.match(self.violations()[0], /stopped 1$/);
  await self.attempts.settle(1, 'warned', 'went_on', 'trying_out');
  assert.match(self.violations()[0], /went_on 1$/);
});

test('before the first list nothing happens', async () => {
  const self = begun({ list: null });
  assert.equal(await self.committed('https://chatgpt.com/'), null);
  await self.failed('https://chatgpt.com/x');
  assert.equal(await self.redirected('https://chatgpt.com/', 'chatgpt'), true);
  assert.deepEqual(self.violations(), []);
});
