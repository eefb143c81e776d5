// @ts-check
// What a blocklist says of a host and path at one instant: the twin of blocklists/matcher.py.
//
// Rules kept here, the most specific first; both twins pass tests/vectors/matching:
//  * The never block set and addresses are allowed.
//  * A path entry wins over an exact one, that over a suffix; longer over shorter.
//  * Between equals of two services the stricter verdict wins.
//  * A path is read as servers do: /%63opilot is /copilot (RFC 3986, section 6.2.2.2).

import { VERDICTS } from './blocklist.js';
import { parents } from './hosts.js';

/** @import { Blocklist, Entry, Ruled, Verdict } from './blocklist.js' */

/** @typedef {{verdict: Verdict, entry: Entry | null, ruled: Ruled | null}} Decision `entry` is the
 *   one that decided, `ruled` the decision that holds for it */

/** @type {Decision} */
const ALLOWED = { verdict: 'allow', entry: null, ruled: null };

/** @param {Blocklist} blocklist
 * @param {string | null} host in normal form; null is an address
 * @param {string} path `/`, or as in a URL; a query is passed over
 * @param {number} at
 * @returns {Decision}
 */
export function decide(blocklist, host, path, at) {
  if (host === null) return ALLOWED;
  const above = parents(host);
  if (above.some((name) => blocklist.never.has(name))) return ALLOWED;
  const deciding = mostSpecific(blocklist, above, plain(path));
  return strictest(deciding.map((entry) => ruling(blocklist, entry, at)));
}

/** What one entry says: its first decision that holds, else allow.
 * @param {Blocklist} blocklist
 * @param {Entry} entry
 * @param {number} at
 * @returns {Decision}
 */
export function ruling(blocklist, entry, at) {
  for (const id of entry.decisions) {
    const ruled = blocklist.decisions.get(id);
    if (ruled && ruled.from <= at && at < ruled.until) {
      return { verdict: ruled.verdict, entry, ruled };
    }
  }
  return { verdict: 'allow', entry, ruled: null };
}

/** What the list says of a service as a whole: the strictest of what its entries say.
 * @param {Blocklist} blocklist
 * @param {string} service
 * @param {number} at
 * @returns {Decision}
 */
export function serviceRuling(blocklist, service, at) {
  const own = blocklist.entries.filter((entry) => entry.service === service);
  return strictest(own.map((entry) => ruling(blocklist, entry, at)));
}

/** The strictest of decisions; of equals the first.
 * @param {Decision[]} decisions
 * @returns {Decision}
 */
export function strictest(decisions) {
  return decisions.reduce((one, other) => (
    VERDICTS.indexOf(other.verdict) > VERDICTS.indexOf(one.verdict) ? other : one
  ), decisions[0] ?? ALLOWED);
}

/** Whether a path is the prefix or goes on below it at a slash.
 * @param {string} prefix
 * @param {string} path
 */
export function covers(prefix, path) {
  return path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}

/** The path alone, with nothing escaped that need not be.
 * @param {string} path
 */
function plain(path) {
  return path.replace(/[?#].*$/s, '').replace(/%[2-7][0-9a-f]/gi, (escaped) => {
    const letter = String.fromCharCode(parseInt(escaped.slice(1), 16));
    return /[A-Za-z0-9._~-]/.test(letter) ? letter : escaped;
  });
}

/** @param {Blocklist} blocklist @param {string[]} above the host and its parents
 * @param {string} path
 * @returns {Entry[]}
 */
function mostSpecific(blocklist, above, path) {
  const own = blocklist.byHost.get(String(above[0])) ?? [];
  const under = own.filter((entry) => entry.kind === 'path' && covers(entry.path, path));
  const longest = Math.max(...under.map((entry) => entry.path.length));
  if (under.length) return under.filter((entry) => entry.path.length === longest);
  const exact = own.filter((entry) => entry.kind === 'exact');
  if (exact.length) return exact;
  for (const name of above) {
    const found = (blocklist.byHost.get(name) ?? []).filter((entry) => entry.kind === 'suffix');
    if (found.length) return found;
  }
  return [];
}
