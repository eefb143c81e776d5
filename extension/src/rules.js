// @ts-check
// A blocklist as declarativeNetRequest rules. Pure: list and time in, rules out.
//
// How a rule set says what matcher.js says:
//  * The entries that cover one request form a chain, the general before the specific. Each has a
//    level: that of the entry above it, and one more where its effect differs. The level is the
//    rule's priority, so the most specific entry wins, and open names below a blocked one get
//    an allow rule. An entry that changes nothing needs no rule.
//  * A stopped service has one rule that redirects pages to its notice, with a fixed extensionPath:
//    nothing of the address that was asked for reaches our page. All it would load besides is
//    blocked, without a word, for all services together.
//  * A host stands twice, with and without the final dot: Firefox tells them apart.
//  * requestDomains takes all sub-domains along. An exact host is told by the number of its labels:
//    what lies at or below it and has as many labels is it.
//  * Resource types are always written: a rule without them leaves pages alone.
//  * A permit's rules are session rules with the conditions and priority of what they lift: of two
//    equals, allow wins.

import { groupBy } from './grouping.js';
import { parents } from './hosts.js';
import { covers, ruling, strictest } from './matcher.js';

/** @import { Blocklist, Entry, Verdict } from './blocklist.js' */
/** @typedef {chrome.declarativeNetRequest.Rule} Rule */
/** @typedef {chrome.declarativeNetRequest.RuleCondition} Condition */

/** @typedef {{entry: Entry, effect: string, level: number, service: string, verdict: Verdict}}
 *   Placed an entry with what it does and how high its rule must lie */
/** @typedef {Pick<Condition, 'requestDomains' | 'regexFilter' | 'isUrlFilterCaseSensitive'>}
 *   Where */

/** Rule ids come in blocks by owner; the list's and the permits' rules lie in two stores. */
export const RULE_IDS = { stamp: 1, never: 2, list: 10, permits: 100_000 };

const NEVER_PRIORITY = 1_000_000;

/** Every type of request. @type {`${chrome.declarativeNetRequest.ResourceType}`[]} */
const ALL_TYPES = [
  'main_frame', 'sub_frame', 'stylesheet', 'script', 'image', 'font', 'object', 'xmlhttprequest',
  'ping', 'csp_report', 'media', 'websocket', 'webtransport', 'webbundle', 'other',
];

/** The page in place of a stopped service. @param {string} service */
export function noticePath(service) {
  return `/pages/notice.html?service=${encodeURIComponent(service)}`;
}

/** The rules of a list at an instant, without the stamp.
 * @param {Blocklist} blocklist
 * @param {number} at
 * @returns {Rule[]}
 */
export function listRules(blocklist, at) {
  const placed = place(blocklist, at);
  const stopped = placed.filter(({ effect }) => effect !== 'open');
  const open = placed.filter(({ effect }) => effect === 'open');
  return [
    ...neverRules(blocklist),
    ...numbered(RULE_IDS.list, [
      ...grouped(stopped, ({ effect, level }) => [level, effect]).flatMap(redirects),
      ...grouped(stopped, ({ level }) => [level]).flatMap(blocks),
      ...grouped(open, ({ level }) => [level]).flatMap(allows),
    ]),
  ];
}

/** The session rules that lift warnings for the services with a permit.
 * @param {Blocklist} blocklist
 * @param {number} at
 * @param {ReadonlySet<string>} services
 * @returns {Rule[]}
 */
export function permitRules(blocklist, at, services) {
  const lifted = place(blocklist, at).filter(
    ({ service, verdict }) => verdict === 'warn' && services.has(service));
  return numbered(RULE_IDS.permits, grouped(lifted, ({ level }) => [level]).flatMap(allows));
}

/** A rule that never applies and says which list is installed.
 * @param {string} stamp
 * @returns {Rule}
 */
export function stampRule(stamp) {
  return {
    id: RULE_IDS.stamp,
    action: { type: 'allow' },
    condition: { urlFilter: stamp, requestDomains: ['stamp.invalid'], resourceTypes: ['other'] },
  };
}

/** The stamp of installed rules, or null where there is none.
 * @param {readonly Rule[]} installed
 */
export function stampOf(installed) {
  return installed.find(({ id }) => id === RULE_IDS.stamp)?.condition.urlFilter ?? null;
}

/** Every entry that needs a rule, with its level.
 * @param {Blocklist} blocklist @param {number} at
 * @returns {Placed[]}
 */
function place(blocklist, at) {
  const effects = new Map(
    [...groupBy(blocklist.entries, keyOf)].map(([key, entries]) => {
      const { entry, verdict } = strictest(entries.map((one) => ruling(blocklist, one, at)));
      const service = entry?.service ?? '';
      const stops = verdict === 'warn' || verdict === 'block';
      return [key, { service, verdict, effect: stops ? `${verdict} ${service}` : 'open' }];
    }));
  const placed = [...groupBy(blocklist.entries, keyOf).values()].flatMap(([entry]) => {
    if (!entry) return [];
    let [level, effect] = [0, 'open'];
    for (const one of chain(blocklist, entry)) {
      const next = String(effects.get(keyOf(one))?.effect);
      if (next !== effect) [level, effect] = [level + 1, next];
    }
    const { service = '', verdict = 'allow' } = effects.get(keyOf(entry)) ?? {};
    return [{ entry, effect, level, service, verdict: /** @type {Verdict} */ (verdict) }];
  });
  return placed.filter(({ level }) => level > 0);
}

/** The entries that cover all that this one covers, the general first and itself last.
 * @param {Blocklist} blocklist @param {Entry} entry
 * @returns {Entry[]}
 */
function chain(blocklist, entry) {
  const above = parents(entry.host).reverse().flatMap((name) => blocklist.byHost.get(name) ?? []);
  const suffixes = above.filter(({ kind }) => kind === 'suffix');
  if (entry.kind === 'suffix') return suffixes;
  const own = blocklist.byHost.get(entry.host) ?? [];
  const exact = own.filter(({ kind }) => kind === 'exact');
  if (entry.kind === 'exact') return [...suffixes, ...exact];
  const paths = own.filter(({ kind, path }) => kind === 'path' && covers(path, entry.path));
  return [...suffixes, ...exact, ...paths.sort((a, b) => a.path.length - b.path.length)];
}

/** @param {Entry} entry */
function keyOf({ kind, value }) {
  return `${kind} ${value}`;
}

/** @param {Placed[]} group of one service, verdict and level @returns {Omit<Rule, 'id'>[]} */
function redirects(group) {
  const service = String(group[0]?.service);
  return places(group).map(({ level, where }) => ({
    priority: level,
    action: { type: 'redirect', redirect: { extensionPath: noticePath(service) } },
    condition: { ...where, resourceTypes: ['main_frame'] },
  }));
}

/** @param {Placed[]} group of one level @returns {Omit<Rule, 'id'>[]} */
function blocks(group) {
  return places(group).map(({ level, where }) => ({
    priority: level,
    action: { type: 'block' },
    condition: { ...where, excludedResourceTypes: ['main_frame'] },
  }));
}

/** @param {Placed[]} group of one level @returns {Omit<Rule, 'id'>[]} */
function allows(group) {
  return places(group).map(({ level, where }) => ({
    priority: level,
    action: { type: 'allow' },
    condition: { ...where, resourceTypes: [...ALL_TYPES] },
  }));
}

/** @param {Blocklist} blocklist @returns {Rule[]} */
function neverRules({ never }) {
  if (!never.size) return [];
  return [{
    id: RULE_IDS.never,
    priority: NEVER_PRIORITY,
    action: { type: 'allow' },
    condition: { requestDomains: twice([...never].sort()), resourceTypes: [...ALL_TYPES] },
  }];
}

/** The conditions of a group: one for all suffixes, one for all exact hosts with the same number
 * of labels, one for each path.
 * @param {Placed[]} group of one level
 * @returns {{level: number, where: Where}[]}
 */
function places(group) {
  const level = group[0]?.level ?? 1;
  return grouped(group, ({ entry }) => [shape(entry)]).map((alike) => {
    const hosts = twice([...new Set(alike.map(({ entry }) => entry.host))].sort());
    return { level, where: { requestDomains: hosts, ...filter(alike[0]?.entry) } };
  });
}

/** Entries of one shape share a condition. @param {Entry} entry */
function shape({ kind, value, host }) {
  if (kind === 'suffix') return 'suffix';
  return kind === 'exact' ? `exact ${parents(host).length}` : `path ${value}`;
}

/** @param {Entry | undefined} entry @returns {Where} */
function filter(entry) {
  if (!entry || entry.kind === 'suffix') return {};
  const labels = parents(entry.host).length - 1;
  const host = `^[a-z]+://([^/?#]*@)?([^./?#:]+\\.){${labels}}[^./?#:]+\\.?(:[0-9]+)?`;
  if (entry.kind === 'exact') return { regexFilter: `${host}([/?#]|$)` };
  const path = encodeURI(entry.path).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const end = entry.path.endsWith('/') ? '' : '([/?#]|$)';
  return { regexFilter: `${host}${path}${end}`, isUrlFilterCaseSensitive: true };
}

/** @param {string[]} hosts */
function twice(hosts) {
  return hosts.flatMap((host) => [host, `${host}.`]);
}

/** Groups by a key, in the key's order, so that one list gives one set of rules.
 * @template T
 * @param {T[]} all @param {(one: T) => (string | number)[]} key
 * @returns {T[][]}
 */
function grouped(all, key) {
  const groups = [...groupBy(all, (one) => key(one).join(' '))];
  return groups.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/** @param {number} first @param {Omit<Rule, 'id'>[]} rules @returns {Rule[]} */
function numbered(first, rules) {
  return rules.map((rule, place_) => ({ id: first + place_, ...rule }));
}
