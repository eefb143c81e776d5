// @ts-check
// What the worker answers to our own pages. It believes a notice only about what it counted itself
// in that tab: the page can be opened by others, and is no evidence.

import { effective } from './blocklist.js';
import { serviceRuling } from './matcher.js';
import { endOfDay } from './permits.js';
import { REASONS } from './violation.js';

/** @import { Attempts, Stopped } from './attempts.js' */
/** @import { Message, Sender } from './browser.js' */
/** @import { KeptList } from './kept_list.js' */
/** @import { Permits } from './permits.js' */

/** @typedef {{show: (tabId: number, url: string) => Promise<void>,
 *   close: (tabId: number) => Promise<void>}} Tabs */

const EVENT_IS_LATE_MS = 1_000;
const PAGE_IS_LATE_MS = 5_000;
const LOOK_AGAIN_MS = 50;

export class Answers {
  #attempts;
  #list;
  #permits;
  #enforce;
  #round;
  #tabs;
  #noticeService;
  #now;

  /** @param {{attempts: Attempts, list: KeptList, permits: Permits, enforce: () => Promise<void>,
   *   round: () => Promise<void>, tabs: Tabs, noticeService: (url: string) => string | null,
   *   now: () => number}} parts */
  constructor({ attempts, list, permits, enforce, round, tabs, noticeService, now }) {
    this.#attempts = attempts;
    this.#list = list;
    this.#permits = permits;
    this.#enforce = enforce;
    this.#round = round;
    this.#tabs = tabs;
    this.#noticeService = noticeService;
    this.#now = now;
  }

  /** @param {Message} message @param {Sender} sender */
  async answer(message, { tabId, url }) {
    if (message['kind'] === 'refresh') {
      await this.#round();
      return true;
    }
    const service = this.#noticeService(url);
    if (service === null || tabId < 0) return null;
    switch (message['kind']) {
      case 'stopped': return await this.#stopped(tabId, service, Number(message['since']));
      case 'alternative': return await this.#attempts.settle(tabId, service, 'alternative');
      case 'turned-back': return await this.#attempts.settle(tabId, service, 'turned_back');
      case 'close': return await this.#tabs.close(tabId);
      case 'go-on': return await this.#goOn(tabId, service, String(message['reason']));
      default: return null;
    }
  }

  /** What was stopped in this tab. The browser's event may come after the page's question, and
   * what is known then belongs to a stop before.
   * @param {number} tabId @param {string} service @param {number} since when the page began
   * @returns {Promise<Pick<Stopped, 'start' | 'layer'> | null>}
   */
  async #stopped(tabId, service, since) {
    const end = this.#now() + EVENT_IS_LATE_MS;
    for (;;) {
      const stopped = await this.#attempts.inTab(tabId, service);
      const recent = stopped && stopped.at > since - PAGE_IS_LATE_MS;
      if (recent || this.#now() > end) {
        return stopped && { start: stopped.start, layer: stopped.layer };
      }
      await new Promise((resolve) => { setTimeout(resolve, LOOK_AGAIN_MS); });
    }
  }

  /** Go on after a warning: first the reason is kept, then the permit, then the site opens.
   * @param {number} tabId @param {string} service @param {string} reason
   * @returns {Promise<true | null>} null where there is nothing to go on to
   */
  async #goOn(tabId, service, reason) {
    const [stopped, blocklist] = [
      await this.#attempts.inTab(tabId, service), await this.#list.current()];
    if (!stopped || !blocklist || !REASONS.includes(reason)) return null;
    const at = effective(blocklist, this.#now());
    if (serviceRuling(blocklist, service, at).verdict !== 'warn') return null;
    await this.#attempts.settle(tabId, service, 'went_on', reason);
    await this.#permits.grant(service, endOfDay(at, blocklist.timeZone));
    await this.#enforce();
    await this.#tabs.show(tabId, stopped.start);
    return true;
  }
}
