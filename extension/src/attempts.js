// @ts-check
// Counts attempts and contacts on the browser's own events, never on the notice page, which any
// site could try to open.
//
//  * A page that our rule redirected to the notice is an attempt of the layer `rule`.
//  * A page that was committed all the same (the first tab at browser start, a site's service
//    worker) is an attempt of the layer `net`: the caller then puts the notice in its place. So is
//    what `observe` lets through.
//  * Anything else that our rule blocked is a contact, at most one a service and day: the browser
//    gives the same error for other reasons too.
// Not counted: prerendered pages, and requests of no tab.

import { effective } from './blocklist.js';
import { parseHost } from './hosts.js';
import { decide } from './matcher.js';
import { turns } from './turns.js';
import { newViolation, REASONS } from './violation.js';

/** @import { Blocklist, Verdict } from './blocklist.js' */
/** @import { Bytes } from './bytes.js' */
/** @import { KeptList } from './kept_list.js' */
/** @import { Outbox } from './outbox.js' */
/** @import { Permits } from './permits.js' */
/** @import { Store } from './store.js' */
/** @import { Kind, Outcome, Violation } from './violation.js' */

/** @typedef {{tabId: number, url: string, redirectUrl: string,
 *   timeStamp: number, documentLifecycle?: string}} Redirected */
/** @typedef {{tabId: number, frameId: number, url: string, timeStamp: number,
 *   documentLifecycle?: string}} Committed */
/** @typedef {{url: string, error: string, timeStamp: number}} Failed */
/** @typedef {{service: string, start: string, layer: Violation['layer'], at: number,
 *   id: string | null}} Stopped what was last stopped in a tab: where its site begins, and the
 *   violation's id */

const OPEN_MS = { trial: 2_000, else: 600_000 };
const SAME_MS = 3_000;
const BLOCKED = 'net::ERR_BLOCKED_BY_CLIENT';

export class Attempts {
  #list;
  #outbox;
  #permits;
  #store;
  #session;
  #reporting;
  #noticeService;
  #spooled;
  #now;
  #random;
  #inTurn = turns();

  /** @param {{list: KeptList, outbox: Outbox, permits: Permits, store: Store, session: Store,
   *   reporting: (at: number) => Promise<boolean>, noticeService: (url: string) => string | null,
   *   spooled: () => void, now: () => number, random: (length: number) => Bytes}} parts
   *   `noticeService` gives the service of a notice's address, null for any other address;
   *   `spooled` is told when there is something to report */
  constructor(parts) {
    this.#list = parts.list;
    this.#outbox = parts.outbox;
    this.#permits = parts.permits;
    this.#store = parts.store;
    this.#session = parts.session;
    this.#reporting = parts.reporting;
    this.#noticeService = parts.noticeService;
    this.#spooled = parts.spooled;
    this.#now = parts.now;
    this.#random = parts.random;
  }

  /** A page was redirected; true where it was to our notice.
   * @param {Redirected} event
   */
  async redirected(event) {
    const service = this.#noticeService(event.redirectUrl);
    if (service === null) return false;
    if (counts(event)) await this.#stopped(event, service, 'rule');
    return true;
  }

  /** A page was committed; gives the service whose notice must stand there instead, or null.
   * @param {Committed} event
   * @returns {Promise<string | null>}
   */
  async committed(event) {
    const blocklist = await this.#list.current();
    if (!blocklist || event.frameId !== 0 || !counts(event)) return null;
    const { verdict, service } = await this.#decide(blocklist, event.url);
    if (verdict === 'allow' || service === null) return null;
    if (verdict === 'observe') {
      await this.#count(blocklist, event, { service, verdict, kind: 'attempt', layer: 'net' });
      return null;
    }
    await this.#stopped(event, service, 'net');
    return service;
  }

  /** Something that a page wanted to load failed.
   * @param {Failed} event
   */
  async failed(event) {
    const blocklist = await this.#list.current();
    if (!blocklist || event.error !== BLOCKED) return;
    const { verdict, service } = await this.#decide(blocklist, event.url);
    if (verdict === 'allow' || verdict === 'observe' || service === null) return;
    await this.#inTurn(async () => {
      if (!await this.#reporting(this.#now()) || !await this.#firstToday(service)) return;
      await this.#count(blocklist, event, { service, verdict, kind: 'contact', layer: 'rule' });
    });
  }

  /** What was last stopped in a tab, if it was of this service.
   * @param {number} tabId
   * @param {string} service
   * @returns {Promise<Stopped | null>}
   */
  async inTab(tabId, service) {
    /** @type {Stopped | undefined} */
    const stopped = await this.#session.get(`tab:${tabId}`);
    return stopped?.service === service ? stopped : null;
  }

  /** The notice in a tab says what became of the attempt; only what was counted there can be set.
   * @param {number} tabId
   * @param {string} service
   * @param {Outcome} outcome
   * @param {string} [reason] with went_on alone
   */
  async settle(tabId, service, outcome, reason) {
    const stopped = await this.inTab(tabId, service);
    if (!stopped?.id || (reason !== undefined && !REASONS.includes(reason))) return;
    await this.#outbox.settle(
      stopped.id, reason === undefined ? { outcome } : { outcome, reason }, this.#now());
  }

  /** @param {number} tabId */
  async closed(tabId) {
    await this.#session.remove(`tab:${tabId}`);
  }

  /** Count an attempt that was stopped, once: the first layer that sees it has it.
   * @param {Redirected | Committed} event @param {string} service @param {Violation['layer']} layer
   */
  async #stopped(event, service, layer) {
    await this.#inTurn(async () => {
      const before = await this.inTab(event.tabId, service);
      if (before && before.layer !== layer && event.timeStamp - before.at < SAME_MS) return;
      const blocklist = await this.#list.current();
      const decided = blocklist ? await this.#decide(blocklist, event.url) : null;
      const verdict = decided?.verdict === 'warn' ? 'warn' : 'block';
      const id = blocklist && await this.#count(
        blocklist, event, { service, verdict, kind: 'attempt', layer });
      const start = new URL(event.url).origin + (decided?.path || '/');
      await this.#session.put(
        `tab:${event.tabId}`, { service, start, layer, at: event.timeStamp, id });
    });
  }

  /** Spool it, where the organisation's reporting has begun.
   * @param {Blocklist} blocklist @param {{url: string, timeStamp: number}} event
   * @param {{service: string, verdict: Verdict, kind: Kind, layer: Violation['layer']}} met
   * @returns {Promise<string | null>} the violation's id
   */
  async #count(blocklist, { url, timeStamp }, met) {
    const host = hostOf(url);
    if (host === null || !await this.#reporting(this.#now())) return null;
    const violation = newViolation({ ...met, host }, timeStamp, this.#random(10));
    const open = blocklist.trial ? OPEN_MS.trial : OPEN_MS.else;
    const id = await this.#outbox.add(violation, this.#now(), open);
    this.#spooled();
    return id;
  }

  /** The verdict on an address, warnings lifted where somebody went on.
   * @param {Blocklist} blocklist @param {string} url
   * @returns {Promise<{verdict: Verdict, service: string | null, path: string}>} `path` is of the
   *   list's entry, never the visitor's
   */
  async #decide(blocklist, url) {
    const { pathname } = new URL(url);
    const at = effective(blocklist, this.#now());
    const { verdict, entry } = decide(blocklist, hostOf(url), pathname, at);
    const service = entry?.service ?? null;
    const lifted = verdict === 'warn' && service && (await this.#permits.current(at)).has(service);
    return { verdict: lifted ? 'allow' : verdict, service, path: entry?.path ?? '' };
  }

  /** Whether this is the service's first contact of the day (UTC).
   * @param {string} service
   */
  async #firstToday(service) {
    const day = new Date(this.#now()).toISOString().slice(0, 10);
    /** @type {{day: string, services: string[]} | undefined} */
    const known = await this.#store.get('contacts');
    const services = known?.day === day ? known.services : [];
    if (services.includes(service)) return false;
    await this.#store.put('contacts', { day, services: [...services, service] });
    return true;
  }
}

/** @param {{tabId: number, documentLifecycle?: string}} event */
function counts({ tabId, documentLifecycle = 'active' }) {
  return tabId >= 0 && documentLifecycle !== 'prerender';
}

/** @param {string} url @returns {string | null} null for addresses and what is no host */
function hostOf(url) {
  try {
    return parseHost(new URL(url).host);
  } catch {
    return null;
  }
}
