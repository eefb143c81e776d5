// @ts-check
// The blocklist as the browser enforces it: format 1 of blocklists/FORMAT.md, checked whole.
//
// Fields that a later format adds are passed over; a list in which parts do not fit is refused, and
// the one before stays in force.

import { groupBy } from './grouping.js';
import { parseHost } from './hosts.js';

/** @typedef {'allow' | 'observe' | 'warn' | 'block'} Verdict */
/** @typedef {Record<string, string>} Words a sentence by language */
/** @typedef {{verdict: Verdict, why: string | null, from: number, until: number,
 *   decider: Words, reason: Words}} Ruled one decision, and the time in which it holds */
/** @typedef {{kind: 'suffix' | 'exact' | 'path', value: string, host: string, path: string,
 *   service: string, decisions: string[]}} Entry `path` is a path entry's prefix, else empty */
/** @typedef {{id: string, name: string, url: string, country: string, use: Words,
 *   categories: string[], service: string}} Alternative no category means all; `service` is empty
 *   for the organisation's own */
/** @typedef {{name: string, category: string}} Service */
/** @typedef {{
 *   organisation: string, version: number, published: number, timeZone: string, trial: boolean,
 *   contact: Words, links: Record<string, string>, texts: Words, never: Set<string>,
 *   alternatives: Alternative[], services: Map<string, Service>, decisions: Map<string, Ruled>,
 *   entries: Entry[], byHost: Map<string, Entry[]>,
 * }} Blocklist times in ms since 1970 */

/** From mild to strict. @type {Verdict[]} */
export const VERDICTS = ['allow', 'observe', 'warn', 'block'];

const KINDS = new Set(['suffix', 'exact', 'path']);

/** Text that is no blocklist; the message says where. */
export class BadBlocklist extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'BadBlocklist';
  }
}

/** Read the JSON of a list. Raises BadBlocklist.
 * @param {string} json
 * @returns {Blocklist}
 */
export function parseBlocklist(json) {
  const list = record(parsed(json), 'the list');
  if (list['format'] !== 1) throw new BadBlocklist(`format ${String(list['format'])} is not known`);
  const services = mapOf(list['services'], 'services', readService);
  const decisions = mapOf(list['decisions'], 'decisions', readRuled);
  const entries = array(list['entries'], 'entries').map(readEntry);
  for (const entry of entries) checkEntry(entry, services, decisions);
  return {
    organisation: string(list['organisation'], 'organisation'),
    version: whole(list['version'], 'version'),
    published: instant(list['published'], 'published'),
    timeZone: string(list['time_zone'], 'time_zone'),
    trial: list['trial'] === true,
    contact: words(list['contact'], 'contact'),
    links: words(list['links'], 'links'),
    texts: words(list['texts'], 'texts'),
    never: new Set(array(list['never'] ?? [], 'never').map((host) => normal(host, 'never'))),
    alternatives: array(list['alternatives'] ?? [], 'alternatives').map(readAlternative),
    services,
    decisions,
    entries,
    byHost: groupBy(entries, (entry) => entry.host),
  };
}

/** The instant that decisions are held against: a clock that was turned back revives nothing.
 * @param {Blocklist} blocklist
 * @param {number} now
 */
export function effective(blocklist, now) {
  return Math.max(now, blocklist.published);
}

/** @param {unknown} value @param {string} where @returns {Service} */
function readService(value, where) {
  const { name, category } = record(value, where);
  return { name: string(name, where), category: string(category, where) };
}

/** @param {unknown} value @param {string} where @returns {Ruled} */
function readRuled(value, where) {
  const ruled = record(value, where);
  const verdict = VERDICTS.find((one) => one === ruled['verdict']);
  if (!verdict) throw new BadBlocklist(`${where}: the verdict is not known`);
  return {
    verdict,
    why: typeof ruled['why'] === 'string' ? ruled['why'] : null,
    from: ruled['from'] === undefined ? -Infinity : instant(ruled['from'], where),
    until: ruled['until'] === undefined ? Infinity : instant(ruled['until'], where),
    decider: words(ruled['decider'], where),
    reason: words(ruled['reason'], where),
  };
}

/** @param {unknown} one @returns {Entry} */
function readEntry(one) {
  const { kind, value, service, decisions } = record(one, 'an entry');
  const where = `entry ${String(kind)} ${String(value)}`;
  if (!KINDS.has(/** @type {string} */ (kind))) throw new BadBlocklist(`${where}: another kind`);
  const [host = '', ...rest] = string(value, where).split('/');
  return {
    kind: /** @type {Entry['kind']} */ (kind),
    value: string(value, where),
    host: normal(host, where),
    path: rest.length ? `/${rest.join('/')}` : '',
    service: string(service, where),
    decisions: array(decisions, where).map((id) => string(id, where)),
  };
}

/** @param {Entry} entry @param {Map<string, Service>} services
 * @param {Map<string, Ruled>} decisions
 */
function checkEntry(entry, services, decisions) {
  const where = `entry ${entry.kind} ${entry.value}`;
  if ((entry.kind === 'path') !== (entry.path.length > 1)) {
    throw new BadBlocklist(`${where}: a path stands in path entries, and only there`);
  }
  if (!services.has(entry.service)) throw new BadBlocklist(`${where}: the service is not listed`);
  if (!entry.decisions.every((id) => decisions.has(id))) {
    throw new BadBlocklist(`${where}: a decision is not listed`);
  }
}

/** @param {unknown} value @returns {Alternative} */
function readAlternative(value) {
  const one = record(value, 'an alternative');
  const where = `alternative ${String(one['id'])}`;
  return {
    id: string(one['id'], where),
    name: string(one['name'], where),
    url: string(one['url'], where),
    country: string(one['country'], where),
    use: words(one['use'], where),
    categories: array(one['for'] ?? [], where).map((category) => string(category, where)),
    service: string(one['service'] ?? '', where),
  };
}

/** @param {unknown} host @param {string} where */
function normal(host, where) {
  const text = string(host, where);
  if (hostOrNull(text) === text) return text;
  throw new BadBlocklist(`${where}: a host in normal form is wanted`);
}

/** @param {string} text */
function hostOrNull(text) {
  try {
    return parseHost(text);
  } catch {
    return null;
  }
}

/** @param {string} json @returns {unknown} */
function parsed(json) {
  try {
    return JSON.parse(json);
  } catch {
    throw new BadBlocklist('it is not JSON');
  }
}

/** @template T
 * @param {unknown} value @param {string} where @param {(one: unknown, where: string) => T} read
 * @returns {Map<string, T>}
 */
function mapOf(value, where, read) {
  const fields = Object.entries(record(value, where));
  return new Map(fields.map(([id, one]) => [id, read(one, `${where}: ${id}`)]));
}

/** @param {unknown} value @param {string} where @returns {Words} */
function words(value, where) {
  const fields = Object.entries(record(value ?? {}, where));
  return Object.fromEntries(fields.map(([key, one]) => [key, string(one, `${where}: ${key}`)]));
}

/** @param {unknown} value @param {string} where @returns {Record<string, unknown>} */
function record(value, where) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadBlocklist(`${where}: an object is wanted`);
  }
  return /** @type {Record<string, unknown>} */ (value);
}

/** @param {unknown} value @param {string} where @returns {unknown[]} */
function array(value, where) {
  if (!Array.isArray(value)) throw new BadBlocklist(`${where}: a list is wanted`);
  return value;
}

/** @param {unknown} value @param {string} where @returns {string} */
function string(value, where) {
  if (typeof value !== 'string') throw new BadBlocklist(`${where}: a text is wanted`);
  return value;
}

/** @param {unknown} value @param {string} where @returns {number} */
function whole(value, where) {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new BadBlocklist(`${where}: a whole number is wanted`);
}

/** @param {unknown} value @param {string} where */
function instant(value, where) {
  const at = Date.parse(string(value, where));
  if (Number.isNaN(at)) throw new BadBlocklist(`${where}: a time is wanted`);
  return at;
}
