// @ts-check
// Check-ins, and reports on the tickets that they bring.
//
// Rules kept here:
//  * A report carries a one-time ticket and nothing that says who sends it; it goes at a moment of
//    its own, padded, and also when it is empty, so that neither its time nor its size says that
//    somebody met a notice. In a trial it goes at once.
//  * Nothing is sent before the organisation's reporting has begun; where it is withdrawn, what
//    waits is deleted.
//  * A server that does not answer is asked less and less often, up to once an hour.

import { utf8 } from './bytes.js';
import { Refused } from './enrol.js';
import { ServerLink } from './server_link.js';
import { turns } from './turns.js';

/** @import { Bytes } from './bytes.js' */
/** @import { Enrolment } from './enrol.js' */
/** @import { Result, Outbox } from './outbox.js' */
/** @import { Values } from './settings.js' */
/** @import { Store } from './store.js' */

/** @typedef {{next: number, send: number | null, failures: number, code: string | null}} Plan when
 *   to check in next, when to report (null: the next check-in says), why a check-in failed */
/** @typedef {{list: {version: number | null, state: string}, channels: Record<string, unknown>,
 *   software: string}} Condition what a check-in says of this profile */

const MINUTE_MS = 60_000;
const MOST_WAIT_MS = 60 * MINUTE_MS;
/** Seconds between check-ins, whatever a server asks for: one that was taken silences nobody. */
const INTERVAL = { least: 10, usual: 60, most: 3600 };
const MOST_VIOLATIONS = 200;
const PADDED_TO = 8 * 1024;

export class Reports {
  #store;
  #outbox;
  #enrolment;
  #fetch;
  #now;
  #chance;
  #condition;
  #inTurn = turns();

  /** @param {{store: Store, outbox: Outbox, enrolment: Enrolment, fetch: typeof fetch,
   *   now: () => number, chance: () => number, condition: () => Promise<Condition>}} parts `chance`
   *   gives a number from 0 up to 1 */
  constructor({ store, outbox, enrolment, fetch: fetch_, now, chance, condition }) {
    this.#store = store;
    this.#outbox = outbox;
    this.#enrolment = enrolment;
    this.#fetch = fetch_;
    this.#now = now;
    this.#chance = chance;
    this.#condition = condition;
  }

  /** Do what is due: check in, and report. Never raises for what the network does.
   * @param {Values} settings
   * @param {{reporting: boolean, trial: boolean}} mode
   */
  async tick({ server, enrolment }, { reporting, trial }) {
    if (!server) return;
    await this.#inTurn(async () => {
      if (!reporting) await this.#outbox.clear();
      const link = new ServerLink(server, this.#fetch);
      const waiting = reporting && trial && (await this.#closed()).length > 0;
      const noTicket = !(await this.#tickets()).length;
      const { next, failures } = await this.plan();
      const due = next <= this.#now() || (waiting && noTicket && !failures);
      if (due) await this.#checkIn(link, enrolment);
      const { send } = await this.plan();
      if (reporting && (waiting || (send ?? Infinity) <= this.#now())) await this.#report(link);
    });
  }

  /** When what is due next. @returns {Promise<Plan>} */
  async plan() {
    return await this.#store.get('reports') ?? { next: 0, send: null, failures: 0, code: null };
  }

  /** @param {ServerLink} link @param {string | undefined} token */
  async #checkIn(link, token) {
    const plan = await this.plan();
    try {
      await this.#enrolment.ensure(link, token);
      const held = await this.#tickets();
      const content = { ...await this.#condition(), tickets: held.length };
      const { body } = await this.#enrolment.post(link, '/v1/device/check-ins', content);
      const seconds = Number(body['interval']) || INTERVAL.usual;
      const interval = Math.min(Math.max(seconds, INTERVAL.least), INTERVAL.most) * 1000;
      const tickets = [...held, ...list(body['tickets']).map(String)];
      await this.#store.put('tickets', [...new Set(tickets)]);
      await this.#store.put('reports', {
        next: this.#now() + interval * (0.8 + 0.4 * this.#chance()),
        send: this.#now() + interval * this.#chance(),
        failures: 0,
        code: null,
      });
    } catch (error) {
      const wait = Math.min(MINUTE_MS * 2 ** plan.failures, MOST_WAIT_MS);
      await this.#store.put('reports', {
        ...plan,
        next: this.#now() + wait * (0.5 + 0.5 * this.#chance()),
        failures: plan.failures + 1,
        code: error instanceof Refused ? error.code : 'unreachable',
      });
    }
  }

  /** One report on one ticket: with what is closed, or empty.
   * @param {ServerLink} link
   */
  async #report(link) {
    const [ticket, ...rest] = await this.#tickets();
    if (!ticket) return;
    await this.#store.put('tickets', rest);
    await this.#store.put('reports', { ...await this.plan(), send: null });
    const violations = await this.#closed();
    const headers = { 'Content-Type': 'application/json', Authorization: `Ticket ${ticket}` };
    try {
      const request = { method: 'POST', headers, body: padded(violations) };
      const { status, body } = await link.send('/v1/reports', request);
      if (status !== 200) return; // the ticket is spent; the violations wait for the next one
      const results = /** @type {Result[]} */ (list(body['results']));
      await this.#outbox.acknowledge(violations, results, Date.parse(String(body['now'])));
    } catch {
      // no answer: they may have been counted; the same ids go again and are skipped then
    }
  }

  #closed() {
    return this.#outbox.closed(this.#now(), MOST_VIOLATIONS);
  }

  /** @returns {Promise<string[]>} */
  async #tickets() {
    return await this.#store.get('tickets') ?? [];
  }
}

/** A body whose size says little: filled up to whole steps.
 * @param {unknown[]} violations
 * @returns {Bytes}
 */
export function padded(violations) {
  const bare = utf8(JSON.stringify({ violations, padding: '' })).length;
  const padding = ' '.repeat((PADDED_TO - bare % PADDED_TO) % PADDED_TO);
  return utf8(JSON.stringify({ violations, padding }));
}

/** @param {unknown} value @returns {unknown[]} */
function list(value) {
  return Array.isArray(value) ? value : [];
}
