// A permit holds until the end of the organisation's day.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { endOfDay, Permits } from '../../extension/src/permits.js';
import { memoryStore } from './memory.js';

const ENDS = [
  ['a winter day', '2026-11-25T12:00:00Z', 'Europe/Amsterdam', '2026-11-25T23:00:00Z'],
  ['the last second', '2026-11-25T22:59:59Z', 'Europe/Amsterdam', '2026-11-25T23:00:00Z'],
  ['midnight itself', '2026-11-25T23:00:00Z', 'Europe/Amsterdam', '2026-11-26T23:00:00Z'],
  ['a summer day', '2026-07-01T12:00:00Z', 'Europe/Amsterdam', '2026-07-01T22:00:00Z'],
  ['the clock goes forward', '2026-03-29T00:30:00Z', 'Europe/Amsterdam', '2026-03-29T22:00:00Z'],
  ['the clock goes back', '2026-10-25T00:30:00Z', 'Europe/Amsterdam', '2026-10-25T23:00:00Z'],
  ['the last day of a year', '2026-12-31T12:00:00.123Z', 'Europe/Amsterdam', '2026-12-31T23:00:00Z'],
  ['west of Greenwich', '2026-11-25T12:00:00Z', 'America/Curacao', '2026-11-26T04:00:00Z'],
];

for (const [what, at, zone, end] of ENDS) {
  test(`the day ends: ${what}`, () => {
    assert.equal(new Date(endOfDay(Date.parse(at), zone)).toISOString(), end.replace('Z', '.000Z'));
  });
}

test('a permit that has ended is gone, also from storage', async () => {
  const content = {};
  const permits = new Permits(memoryStore(content));
  await permits.grant('one', 1000);
  await permits.grant('two', 2000);
  assert.deepEqual(await permits.current(999), new Set(['one', 'two']));
  assert.deepEqual(await permits.current(1000), new Set(['two']));
  assert.deepEqual(Object.keys(content), ['permit:two']);
});
