// @ts-check
// The violation as it is sent: the twin of blocklists/protocol/messages.py, for this channel.
//
// Nothing else is ever kept or sent of a visit: no path, query, title, tab or address.

/** @import { Bytes } from './bytes.js' */
/** @import { Verdict } from './blocklist.js' */

/** @typedef {'attempt' | 'contact'} Kind */
/** @typedef {'stopped' | 'alternative' | 'turned_back' | 'went_on' | 'let_through'} Outcome */
/** @typedef {{
 *   id: string, when: string, service: string, host: string, channel: 'browser',
 *   layer: 'rule' | 'net', kind: Kind, verdict: Verdict, outcome: Outcome, reason?: string,
 *   times: number,
 * }} Violation */

/** Why somebody goes on after a warning: a choice, never free text. In the order of the notice. */
export const REASONS = [
  'public_information', 'alternative_cannot', 'no_alternative', 'approved_project', 'trying_out',
  'other',
];

const HOUR_MS = 3_600_000;

/** @param {Pick<Violation, 'service' | 'host' | 'layer' | 'kind' | 'verdict'>} met
 * @param {number} at of the event
 * @param {Bytes} random ten bytes
 * @returns {Violation}
 */
export function newViolation(met, at, random) {
  return {
    id: newId(at, random),
    when: `${new Date(at).toISOString().slice(0, 16)}:00Z`,
    ...met,
    channel: 'browser',
    outcome: met.verdict === 'observe' ? 'let_through' : 'stopped',
    times: 1,
  };
}

/** A UUIDv7 (RFC 9562 section 5.7) whose time is the start of the hour, so that an id ties no row
 * to a device.
 * @param {number} at
 * @param {Bytes} random ten bytes
 */
export function newId(at, random) {
  const hour = Math.floor(at / HOUR_MS) * HOUR_MS;
  const bytes = [...random];
  bytes[0] = Number(bytes[0]) & 0x0f | 0x70;
  bytes[2] = Number(bytes[2]) & 0x3f | 0x80;
  const tail = bytes.map((one) => one.toString(16).padStart(2, '0')).join('');
  const text = hour.toString(16).padStart(12, '0') + tail;
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
