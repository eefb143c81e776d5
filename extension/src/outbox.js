// @ts-check
// Where violations wait until the server has acknowledged them, one by one.
//
// Rules kept here:
//  * A violation is written at its event, under a key of its own, and stays open for a while:
//    repeats add to its `times`, the notice may set its outcome. Then it is closed, may be sent,
//    and never changes.
//  * It is deleted when the server names it (accepted, skipped, rejected), or after 35 days.
//  * An id outside the server's window means that this clock is off: the violation is made anew
//    once, at the server's time.

import { turns } from './turns.js';
import { newId } from './violation.js';

/** @import { Bytes } from './bytes.js' */
/** @import { Store } from './store.js' */
/** @import { Outcome, Violation } from './violation.js' */

/** @typedef {{violation: Violation, spooled: number, closes: number, remade?: true}} Waiting */
/** @typedef {{outcome: string, code?: string}} Result of one violation, as the server answers */

const PREFIX = 'v:';
const MOST = 5_000;
const KEPT_MS = 35 * 86_400_000;

export class Outbox {
  #store;
  #random;
  #inTurn = turns();

  /** @param {{store: Store, random: (length: number) => Bytes}} parts */
  constructor({ store, random }) {
    this.#store = store;
    this.#random = random;
  }

  /** Spool a violation, or count it with the open one of the same service, host, kind and verdict.
   * @param {Violation} violation
   * @param {number} at
   * @param {number} openMs how long it stays open
   * @returns {Promise<string>} the id of the one that it counts with
   */
  add(violation, at, openMs) {
    return this.#inTurn(async () => {
      const all = await this.#all();
      const open = [...all.values()].filter(({ closes }) => closes > at);
      const same = open.find((one) => alike(one.violation, violation));
      if (same) {
        same.violation.times += 1;
        await this.#put(same);
        return same.violation.id;
      }
      await this.#makeRoom(all);
      await this.#put({ violation, spooled: at, closes: at + openMs });
      return violation.id;
    });
  }

  /** Set what became of a violation; false where it is closed or gone.
   * @param {string} id
   * @param {{outcome: Outcome, reason?: string}} outcome
   * @param {number} at
   * @returns {Promise<boolean>}
   */
  settle(id, outcome, at) {
    return this.#inTurn(async () => {
      /** @type {Waiting | undefined} */
      const waiting = await this.#store.get(PREFIX + id);
      if (!waiting || waiting.closes <= at) return false;
      const violation = { ...waiting.violation, ...outcome };
      if (!outcome.reason) delete violation.reason;
      await this.#put({ ...waiting, violation });
      return true;
    });
  }

  /** Violations that are closed, the oldest first, at most so many.
   * @param {number} at
   * @param {number} most
   * @returns {Promise<Violation[]>}
   */
  async closed(at, most) {
    const all = [...(await this.#all()).values()];
    const old = all.filter(({ spooled }) => spooled < at - KEPT_MS);
    if (old.length) await this.#store.remove(...old.map(({ violation }) => PREFIX + violation.id));
    return all
      .filter((one) => !old.includes(one) && one.closes <= at)
      .sort((a, b) => a.spooled - b.spooled)
      .slice(0, most)
      .map(({ violation }) => violation);
  }

  /** Forget what the server has named.
   * @param {Violation[]} sent
   * @param {Result[]} results in the order sent
   * @param {number} serverNow
   */
  acknowledge(sent, results, serverNow) {
    return this.#inTurn(async () => {
      for (const [place, { id }] of sent.entries()) {
        const result = results[place];
        if (!result) continue;
        if (result.code === 'id-window') await this.#remake(id, serverNow);
        await this.#store.remove(PREFIX + id);
      }
    });
  }

  /** Forget everything: reporting was withdrawn. */
  clear() {
    return this.#inTurn(async () => {
      const ids = [...(await this.#all()).keys()];
      if (ids.length) await this.#store.remove(...ids.map((id) => PREFIX + id));
    });
  }

  /** @param {string} id @param {number} serverNow */
  async #remake(id, serverNow) {
    /** @type {Waiting | undefined} */
    const waiting = await this.#store.get(PREFIX + id);
    if (!waiting || waiting.remade) return;
    const when = `${new Date(serverNow).toISOString().slice(0, 16)}:00Z`;
    const violation = { ...waiting.violation, id: newId(serverNow, this.#random(10)), when };
    await this.#put({ ...waiting, violation, remade: true });
  }

  /** @param {Map<string, Waiting>} all */
  async #makeRoom(all) {
    const oldest = [...all.values()].sort((a, b) => a.spooled - b.spooled);
    const dropped = oldest.slice(0, Math.max(0, all.size - MOST + 1));
    if (dropped.length) {
      await this.#store.remove(...dropped.map(({ violation }) => PREFIX + violation.id));
    }
  }

  /** @returns {Promise<Map<string, Waiting>>} */
  #all() {
    return this.#store.under(PREFIX);
  }

  /** @param {Waiting} waiting */
  async #put(waiting) {
    await this.#store.put(PREFIX + waiting.violation.id, waiting);
  }
}

/** @param {Violation} one @param {Violation} other */
function alike(one, other) {
  return one.service === other.service && one.host === other.host
    && one.kind === other.kind && one.verdict === other.verdict;
}
