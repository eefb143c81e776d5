// @ts-check
// Puts a list in force in this browser: its rules in declarativeNetRequest, swapped in one step.
//
// The rules carry a stamp of what they say, so that each start can see whether what lies in the
// browser is what should be there, and heal it; nothing is written where that is so.

import { sha256, toHex, utf8 } from './bytes.js';
import { listRules, permitRules, stampOf, stampRule } from './rules.js';

/** @import { Blocklist } from './blocklist.js' */
/** @import { Rule } from './rules.js' */

/** @typedef {{
 *   installed: () => Promise<Rule[]>,
 *   replace: (rules: Rule[]) => Promise<void>,
 *   replaceSession: (rules: Rule[]) => Promise<void>,
 *   supports: (regex: string, isCaseSensitive: boolean) => Promise<boolean>,
 * }} RuleStore */
/** @typedef {{state: 'in-force' | 'not-in-force', code?: string}} Health */

export class Enforcer {
  #rules;
  #session = '';

  /** @param {RuleStore} rules */
  constructor(rules) {
    this.#rules = rules;
  }

  /** Enforce the list as it is at this instant, with warnings lifted for these services. It may be
   * called as often as one likes.
   * @param {Blocklist} blocklist @param {number} at @param {ReadonlySet<string>} permits
   * @returns {Promise<Health>}
   */
  async apply(blocklist, at, permits) {
    const all = listRules(blocklist, at);
    const rules = await this.#accepted(all);
    const stamp = `${blocklist.version}-${await digest(rules)}`;
    const installed = await this.#rules.installed();
    if (stampOf(installed) !== stamp || installed.length !== rules.length + 1) {
      await this.#rules.replace([stampRule(stamp), ...rules]);
    }
    await this.#applyPermits(await this.#accepted(permitRules(blocklist, at, permits)));
    if (stampOf(await this.#rules.installed()) !== stamp) {
      return { state: 'not-in-force', code: 'rules' };
    }
    // a rule that the browser cannot hold is left to the net on committed navigations
    return { state: 'in-force', ...(rules.length < all.length ? { code: 'partly' } : {}) };
  }

  /** Session rules die with the browser, and this worker's memory dies sooner: set once a life.
   * @param {Rule[]} rules
   */
  async #applyPermits(rules) {
    const wanted = JSON.stringify(rules) || '[]';
    if (wanted === this.#session) return;
    await this.#rules.replaceSession(rules);
    this.#session = wanted;
  }

  /** One expression that is too long for the browser would void the whole set.
   * @param {Rule[]} rules
   */
  async #accepted(rules) {
    const supported = await Promise.all(rules.map(
      ({ condition: { regexFilter, isUrlFilterCaseSensitive = false } }) => (
        regexFilter === undefined || this.#rules.supports(regexFilter, isUrlFilterCaseSensitive))));
    return rules.filter((_, place) => supported[place]);
  }
}

/** @param {Rule[]} rules */
async function digest(rules) {
  return toHex((await sha256(utf8(JSON.stringify(rules)))).subarray(0, 8));
}
