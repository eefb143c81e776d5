// Blocklists for tests, from the few words that a test cares about.

import { parseBlocklist } from '../../extension/src/blocklist.js';

/** The JSON of a list whose entries are ["kind value", verdict, service?]; more fields by name. */
export function listJson(entries, more = {}) {
  const services = {};
  const decisions = {};
  const listed = entries.map(([text, verdict, service = 'one']) => {
    const [kind, value] = text.split(' ');
    services[service] = { name: `Service ${service}`, category: 'assistant' };
    const why = verdict === 'warn' || verdict === 'block' ? { why: 'agreement' } : {};
    decisions[`test ${verdict}`] = { verdict, ...why };
    return { kind, value, service, decisions: [`test ${verdict}`] };
  });
  return JSON.stringify({
    format: 1, organisation: 'Gemeente Voorbeeld', version: 7, published: '2026-11-25T12:00:00Z',
    time_zone: 'Europe/Amsterdam', services, decisions, entries: listed, ...more,
  });
}

/** The same as a Blocklist. */
export function listOf(entries, more = {}) {
  return parseBlocklist(listJson(entries, more));
}
