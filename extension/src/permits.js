// @ts-check
// Permits: staff went on after a warning, for one service, until the end of the day.
//
// Kept in storage.local with their end; that end is looked at whenever they are read, so that a
// permit ends too where nothing cleans up.

/** @import { Store } from './store.js' */

const PREFIX = 'permit:';
const DAY_MS = 86_400_000;

export class Permits {
  #store;

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
  }

  /** The services with a permit at this instant; what has ended is forgotten.
   * @param {number} at
   * @returns {Promise<Set<string>>}
   */
  async current(at) {
    /** @type {Map<string, number>} */
    const all = await this.#store.under(PREFIX);
    const ended = [...all].filter(([, until]) => until <= at).map(([service]) => service);
    if (ended.length) await this.#store.remove(...ended.map((service) => PREFIX + service));
    return new Set([...all.keys()].filter((service) => !ended.includes(service)));
  }

  /** @param {string} service @param {number} until in ms since 1970 */
  async grant(service, until) {
    await this.#store.put(PREFIX + service, until);
  }
}

/** The instant at which the day ends in a time zone.
 * @param {number} at
 * @param {string} timeZone such as Europe/Amsterdam
 * @returns {number}
 */
export function endOfDay(at, timeZone) {
  const local = at + offset(at, timeZone);
  const midnight = (Math.floor(local / DAY_MS) + 1) * DAY_MS;
  const near = midnight - offset(at, timeZone);
  return midnight - offset(near, timeZone); // the clock may have been put forward or back today
}

/** What the clocks of a time zone are ahead of UTC, in ms.
 * @param {number} at @param {string} timeZone
 */
function offset(at, timeZone) {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric',
    hour: 'numeric', minute: 'numeric', second: 'numeric',
  });
  const part = Object.fromEntries(
    format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day, hour, minute, second } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}
