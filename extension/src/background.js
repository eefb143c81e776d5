// @ts-check
// The composition root: makes the parts, gives them to each other, and says what each event does.
//
// Every listener is registered in the first tick, or nothing would wake this worker. Enforcement
// comes first and waits for nothing: list and rules lie in the browser. Settings, refresh and
// reports go on beside it.

import { Answers } from './answers.js';
import { Attempts } from './attempts.js';
import { effective } from './blocklist.js';
import {
  fileUrl, keepMinute, noticeService, on, profile, rules, storage, tabs, version,
} from './browser.js';
import { storedKey } from './device_key.js';
import { Enforcer } from './enforcer.js';
import { Enrolment } from './enrol.js';
import { KeptList } from './kept_list.js';
import { Outbox } from './outbox.js';
import { Permits } from './permits.js';
import { Reports } from './reports.js';
import { noticePath } from './rules.js';
import { ManagedSettings } from './settings.js';
import { Store } from './store.js';
import { turns } from './turns.js';
import { Updater } from './updater.js';

/** @import { Blocklist } from './blocklist.js' */
/** @import { Health } from './enforcer.js' */

const TRIAL_CLOSES_MS = 2_100;

const now = () => Date.now();
/** @param {number} length */
const random = (length) => crypto.getRandomValues(new Uint8Array(length));

const store = new Store(storage.local);
const session = new Store(storage.session);
const settings = new ManagedSettings({ store, read: storage.managed });
const list = new KeptList(store);
const permits = new Permits(store);
const outbox = new Outbox({ store, random });
const enforcer = new Enforcer(rules);
const updater = new Updater({ store, list, replace, settings, fetch, now });
const enrolment = new Enrolment({ store, key: storedKey, profile, now, random });
const reports = new Reports({
  store, outbox, enrolment, fetch, now, chance: Math.random, condition,
});
const attempts = new Attempts({
  list, outbox, permits, store, session, reporting, noticeService, spooled, now, random,
});
const answers = new Answers({ attempts, list, permits, enforce, round, tabs, noticeService, now });
const enforcing = turns();

on.redirected((event) => step('attempt', async () => {
  // a blocked visit asks for the newest list at once: it may be open by now
  if (await attempts.redirected(event)) await refresh();
}));
on.committed((event) => step('net', async () => {
  const service = await attempts.committed(event);
  if (service === null) return;
  await tabs.show(event.tabId, fileUrl(noticePath(service)));
  await refresh();
}));
on.failed((event) => step('contact', () => attempts.failed(event)));
on.tabClosed((tabId) => step('tab', () => attempts.closed(tabId)));
on.minute(round);
on.managedChanged(round);
on.started(start);
on.message((message, sender) => answers.answer(message, sender));
start();

/** At each start of this worker, and so of the browser. */
async function start() {
  await step('enforce', enforce);
  await step('alarm', keepMinute);
  await round();
}

/** What the minute brings: new settings, a newer list, what has begun or ended, reports. */
async function round() {
  await step('settings', () => settings.update());
  await step('refresh', refresh);
  await step('report', report);
}

/** In a trial what was met is reported as soon as it has closed, elsewhere by the minute. */
async function spooled() {
  if ((await list.current())?.trial) setTimeout(() => step('report', report), TRIAL_CLOSES_MS);
}

/** What fails here is named in the popup, and does not stop what comes after it.
 * @param {string} name @param {() => Promise<unknown>} work
 */
async function step(name, work) {
  try {
    await work();
  } catch (error) {
    const what = error instanceof Error ? error.name : 'fault';
    await session.put('fault', `${name}: ${what}`).catch(() => {}); // storage itself may be full
  }
}

/** What failed to come in force with a new list is tried again at once. */
async function refresh() {
  await updater.refresh();
  await enforce();
}

/** Put a new list in force and keep it, in one turn: none may put the rules before back between.
 * @param {string} text @param {string} sha256
 */
function replace(text, sha256) {
  return enforcing(() => list.replace(text, sha256, putInForce));
}

/** Put what is kept in force, as it is now. */
function enforce() {
  return enforcing(async () => {
    const blocklist = await list.current();
    if (blocklist) await putInForce(blocklist);
  });
}

/** @param {Blocklist} blocklist */
async function putInForce(blocklist) {
  const at = effective(blocklist, now());
  const lifted = await permits.current(at);
  await store.put('health', await applied(() => enforcer.apply(blocklist, at, lifted)));
}

/** @param {() => Promise<Health>} apply @returns {Promise<Health>} */
async function applied(apply) {
  try {
    return await apply();
  } catch {
    return { state: 'not-in-force', code: 'refused-by-browser' };
  }
}

async function report() {
  const { values } = await settings.kept();
  const trial = (await list.current())?.trial ?? false;
  await reports.tick(values, { reporting: await reporting(now()), trial });
}

/** Whether the organisation's reporting has begun. @param {number} at */
async function reporting(at) {
  const from = (await updater.organisation())?.reportingFrom ?? null;
  return from !== null && from <= at;
}

/** What a check-in says of this profile. */
async function condition() {
  const { state } = await updater.freshness();
  const { version: listed = null } = await list.current() ?? {};
  const health = await store.get('health') ?? { state: 'off' };
  return { list: { version: listed, state }, channels: { browser: health }, software: version() };
}
