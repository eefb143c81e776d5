// The whole worker in a browser at its worst, with a server over HTTP.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { FakeBrowser } from './fake_browser.js';
import { listJson } from './lists.js';
import { Repository } from './repository.js';
import { Server } from './server.js';

const BLOCKED = [['suffix chatgpt.com', 'block', 'chatgpt'], ['suffix warned.example', 'warn', 'warned']];
const MINUTES = 60_000;
const NOTICE = 'chrome-extension://sluis/pages/notice.html?service=';

let repository;
let server;
let browser;

beforeEach(async () => {
  repository = new Repository(listJson(BLOCKED));
  server = await new Server(repository).start();
  browser = new FakeBrowser();
  browser.managed = { server: server.url, pin: repository.pin, enrolment: 'a-token' };
});

afterEach(async () => {
  await browser.kill();
  await server.stop();
});

const inForce = () => browser.action('https://chatgpt.com/', 'main_frame').type === 'redirect';
const spooled = () => Object.keys(browser.local).filter((key) => key.startsWith('v:'));
const state = () => browser.local.freshness?.state;
const total = () => [...server.counted.values()].reduce((sum, { times }) => sum + times, 0);

/** A browser in which the first list is in force. */
async function begun() {
  await browser.wake();
  await browser.until(() => inForce() && browser.local.reports);
}

/** Let what is spooled close and leave, however many minutes that takes. */
async function emptied() {
  await browser.until(async () => {
    browser.pass(11 * MINUTES);
    await browser.minute();
    await new Promise((resolve) => { setTimeout(resolve, 20); });
    return spooled().length === 0;
  });
}

test('a new browser has the list in force, enrolled, with an alarm', async () => {
  await begun();
  assert.equal(state(), 'fresh');
  assert.deepEqual(browser.local.health, { state: 'in-force' });
  assert.equal(browser.local.device.device, 'a-device');
  assert.ok(browser.alarms.has('minute'));
});

test('managed values that come late are taken when they come', async () => {
  const values = browser.managed;
  browser.managed = {};
  await browser.wake();
  await browser.until(() => state() === 'waiting');
  assert.equal(inForce(), false);
  await browser.setManaged(values);
  await browser.until(inForce);
});

test('managed storage that never answers keeps nothing up', async () => {
  await begun();
  await browser.kill();
  browser.managedHangs = true;
  browser.dynamicRules = [];
  await browser.restart();
  await browser.until(inForce); // at once: enforcement waits for nothing
});

test('an empty answer of managed storage takes nothing away', async () => {
  await begun();
  await browser.setManaged({});
  repository.publish(listJson([['suffix other.example', 'block']]));
  await browser.minute();
  await browser.until(() => !inForce());
});

test('a blocked visit is counted once and explains itself', async () => {
  await begun();
  await browser.navigate(1, 'https://chatgpt.com/c/secret?q=words');
  assert.equal(browser.tabs.get(1), `${NOTICE}chatgpt`);
  await browser.until(() => spooled().length);
  await emptied();
  const [violation, ...more] = server.counted.values();
  assert.deepEqual(more, []);
  const { id, when, ...rest } = violation;
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  assert.match(when, /:00Z$/);
  assert.deepEqual(rest, {
    service: 'chatgpt', host: 'chatgpt.com', layer: 'rule', kind: 'attempt', verdict: 'block',
    channel: 'browser', outcome: 'stopped', times: 1,
  });
  const kept = JSON.stringify([browser.local, browser.session, [...server.counted]]);
  assert.ok(!kept.includes('secret') && !kept.includes('words'));
});

test('what a rule missed is moved to the notice and counted by the net', async () => {
  await begun();
  await browser.navigate(1, 'https://www.chatgpt.com/', { covered: false });
  await browser.until(() => browser.tabs.get(1) === `${NOTICE}chatgpt`);
  await browser.until(() => spooled().length);
  const [waiting] = Object.values(browser.local).filter(({ violation }) => violation);
  assert.deepEqual([waiting.violation.layer, waiting.violation.host], ['net', 'www.chatgpt.com']);
});

test('a visit right after a change opens: the blocked one before it fetched the new list', async () => {
  await begun();
  repository.publish(listJson([['suffix chatgpt.com', 'allow', 'chatgpt']]));
  await browser.navigate(1, 'https://chatgpt.com/');
  await browser.until(() => !inForce());
  await browser.navigate(1, 'https://chatgpt.com/');
  assert.equal(browser.tabs.get(1), 'https://chatgpt.com/');
});

test('a list is kept when its rules are in force: a page that reads it never says open too early', async () => {
  await begun();
  browser.slowness = 20;
  const keptIsOpen = () => JSON.parse(browser.local.list.text).version === 8;
  const wrong = new Set();
  let opened = false;
  browser.dies = (call) => {
    if (keptIsOpen() && inForce()) wrong.add(`${call}: kept before its rules`);
    if (opened && inForce()) wrong.add(`${call}: the rules before are back`);
    opened ||= !inForce();
    return false;
  };
  await browser.navigate(1, 'https://warned.example/');
  repository.publish(listJson(
    [['suffix chatgpt.com', 'allow', 'chatgpt'], BLOCKED[1]], { version: 8 }));
  const sender = { tab: { id: 1 }, url: `${NOTICE}warned` };
  await Promise.all([
    browser.navigate(2, 'https://chatgpt.com/'),
    browser.minute(),
    browser.ask({ kind: 'go-on', reason: 'other' }, sender),
  ]);
  await browser.until(() => keptIsOpen() && browser.idle(200));
  assert.deepEqual([...wrong], []);
  assert.equal(inForce(), false);
});

test('a list whose rules the browser refuses is kept, and its rules are tried again at once', async () => {
  await begun();
  repository.publish(listJson([['suffix chatgpt.com', 'allow', 'chatgpt']], { version: 8 }));
  let refused = 0;
  browser.refuses = (call) => call.endsWith('.updateDynamicRules') && (refused += 1) === 1;
  await browser.minute();
  await browser.until(() => !inForce() && browser.local.health.state === 'in-force');
  assert.equal(refused, 2);
  assert.equal(JSON.parse(browser.local.list.text).version, 8);
});

test('whatever the server does, the last good list stays in force', async () => {
  await begun();
  const good = repository.files.get('timestamp.json');
  const later = [
    ['refused', [200, Buffer.from(good.toString().replace('"version":1', '"version":9'))]],
    ['refused', [200, Buffer.from('<title>Sign in</title>')]],
    ['stale', [500, {}]],
    ['stale', null],
  ];
  for (const [wanted, answer] of later) {
    browser.local.freshness = {};
    server.next('/repository/timestamp.json', () => answer);
    await browser.minute();
    await browser.until(() => state() === wanted);
    assert.ok(inForce());
  }
  await browser.minute();
  await browser.until(() => state() === 'fresh');
});

test('another pin is another repository: it must verify before it replaces anything', async () => {
  await begun();
  const other = new Repository(listJson([['suffix claude.ai', 'block', 'claude']]));
  await browser.setManaged({ ...browser.managed, pin: other.pin });
  await browser.until(() => state() === 'refused');
  assert.ok(inForce());
  server.repository = other;
  await browser.minute();
  await browser.until(() => !inForce());
  assert.equal(browser.action('https://claude.ai/', 'main_frame').type, 'redirect');
});

test('going on after a warning opens the service until the end of the day, and no longer', async () => {
  await begun();
  const warned = () => browser.action('https://warned.example/', 'main_frame').type;
  await browser.navigate(1, 'https://warned.example/deep');
  const sender = { tab: { id: 1 }, url: `${NOTICE}warned` };
  const told = await browser.ask({ kind: 'stopped', since: Date.now() }, sender);
  assert.deepEqual(told, { start: 'https://warned.example/', layer: 'rule' });
  assert.equal(await browser.ask({ kind: 'go-on', reason: 'because' }, sender), null);
  assert.equal(warned(), 'redirect');
  assert.equal(await browser.ask({ kind: 'go-on', reason: 'trying_out' }, sender), true);
  assert.equal(warned(), 'allow');
  assert.equal(browser.tabs.get(1), 'https://warned.example/');
  await browser.restart();
  await browser.until(() => warned() === 'allow');
  browser.pass(24 * 60 * MINUTES);
  await browser.minute();
  await browser.until(() => warned() === 'redirect');
  await emptied();
  const [{ outcome, reason }] = server.counted.values();
  assert.deepEqual([outcome, reason], ['went_on', 'trying_out']);
});

test('what is blocked cannot be gone on to', async () => {
  await begun();
  await browser.navigate(1, 'https://chatgpt.com/');
  const sender = { tab: { id: 1 }, url: `${NOTICE}chatgpt` };
  await browser.ask({ kind: 'stopped', since: Date.now() }, sender);
  assert.equal(await browser.ask({ kind: 'go-on', reason: 'other' }, sender), null);
  assert.ok(inForce());
  assert.deepEqual(Object.keys(browser.local).filter((key) => key.startsWith('permit:')), []);
});

test('a page that nothing was stopped in can neither go on nor count', async () => {
  await begun();
  await browser.navigate(1, 'https://warned.example/');
  await browser.until(() => spooled().length);
  const before = structuredClone(browser.local[spooled()[0]]);
  for (const sender of [
    { tab: { id: 2 }, url: `${NOTICE}warned` }, // another tab
    { tab: { id: 1 }, url: `${NOTICE}chatgpt` }, // another service
    { tab: { id: 1 }, url: 'https://evil.example/?service=warned' }, // no page of ours
    { url: `${NOTICE}warned` }, // in no tab
  ]) {
    assert.equal(await browser.ask({ kind: 'go-on', reason: 'other' }, sender), null);
    await browser.ask({ kind: 'alternative' }, sender);
  }
  assert.deepEqual(browser.local[spooled()[0]], before);
  assert.equal(browser.action('https://warned.example/', 'main_frame').type, 'redirect');
});

test('before reporting has begun nothing is spooled or sent', async () => {
  server.repository = new Repository(listJson(BLOCKED), { reporting_from: null });
  browser.managed.pin = server.repository.pin;
  await begun();
  await browser.navigate(1, 'https://chatgpt.com/');
  await browser.until(() => browser.session['tab:1']);
  browser.pass(11 * MINUTES);
  await browser.minute();
  await browser.until(() => server.asked.filter((line) => line.endsWith('/check-ins')).length > 1);
  assert.deepEqual(spooled(), []);
  assert.ok(!server.asked.includes('POST /v1/reports'));
});

test('events late and in any order are all counted', async () => {
  await begun();
  browser.slowness = 30;
  await Promise.all([1, 2, 3, 4, 5, 6].map((tab) => (
    browser.navigate(tab, `https://${tab % 2 ? 'chatgpt.com' : 'warned.example'}/`))));
  await browser.until(() => spooled().length === 2 && spooled()
    .reduce((sum, key) => sum + browser.local[key].violation.times, 0) === 6);
  browser.slowness = 0;
  await emptied();
  assert.equal(total(), 6);
});

test('a report whose answer is lost is sent again and counted once', async () => {
  await begun();
  await browser.navigate(1, 'https://chatgpt.com/');
  await browser.until(() => spooled().length);
  server.next('/v1/reports', (_, usual) => {
    usual();
    return null;
  });
  await emptied();
  const [id] = server.counted.keys();
  assert.ok(server.sent.get(id) > 1);
  assert.equal(server.counted.size, 1);
});

const EVERY = process.env.SLUIS_SOAK ? 1 : 9; // `make soak` kills at each call; CI at a few

test('the worker killed at any call: nothing is lost, doubled or lifted', { timeout: 900_000 }, async () => {
  await begun();
  const settled = structuredClone(browser.local);
  let [step, calls] = [1, Infinity];
  for (; step <= calls; step += EVERY) {
    const dies = step;
    const written = new Set();
    browser.local = structuredClone(settled);
    server.counted.clear();
    [calls, browser.deaths] = [0, 0];
    browser.dies = (_, number) => {
      for (const key of spooled()) written.add(key);
      assert.ok(inForce());
      calls = Math.max(calls, number);
      return number === dies;
    };
    await browser.restart();
    await browser.navigate(1, 'https://chatgpt.com/');
    await browser.navigate(2, 'https://warned.example/', { covered: false });
    await browser.until(() => (browser.deaths || spooled().length === 2) && browser.idle(100));
    for (const key of spooled()) written.add(key);
    browser.dies = () => false;
    await browser.restart();
    await emptied();
    assert.deepEqual([...written].filter((key) => !server.counted.has(key.slice(2))), []);
    assert.ok([...server.counted.values()].every(({ times }) => times === 1));
    if (calls < dies) break;
    calls = Infinity;
  }
  assert.ok(step > 20, `only ${step} calls`);
});
