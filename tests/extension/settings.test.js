// Managed settings: late, empty, malformed, hanging; the copy holds.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ManagedSettings } from '../../extension/src/settings.js';
import { memoryStore } from './memory.js';

const GOOD = {
  server: 'https://sluis.example', pin: `1:${'a'.repeat(64)}`, enrolment: 'token', language: 'nl',
};

function managed(values) {
  const browser = { says: () => Promise.resolve(values) };
  const read = () => browser.says();
  return { browser, settings: new ManagedSettings({ store: memoryStore(), read }) };
}

test('good values are taken, and taken again only when they change', async () => {
  const { browser, settings } = managed(GOOD);
  assert.equal(await settings.update(), true);
  assert.deepEqual(await settings.kept(), { values: GOOD, problems: [] });
  assert.equal(await settings.update(), false);
  browser.says = () => Promise.resolve({ ...GOOD, language: 'en' });
  assert.equal(await settings.update(), true);
});

test('an empty answer, an error or none at all leaves the copy as it is', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { browser, settings } = managed(GOOD);
  await settings.update();
  for (const says of [
    () => Promise.resolve({}), () => Promise.reject(new Error('no manifest')), () => new Promise(() => {}),
  ]) {
    browser.says = says;
    const updated = settings.update();
    await new Promise((resolve) => { setImmediate(resolve); });
    context.mock.timers.tick(5_000);
    assert.equal(await updated, false);
    assert.deepEqual((await settings.kept()).values, GOOD);
  }
});

const WRONG = {
  server: ['sluis.example', 'http://sluis.example', 'https://sluis.example/path', 'ftp://x',
    'https://user@sluis.example', 'https://sluis.example?x', 5, ''],
  pin: ['1', `0:${'a'.repeat(64)}`, `1:${'A'.repeat(64)}`, `1:${'a'.repeat(63)}`, null],
  enrolment: ['', 'two words', ['x']],
  language: ['fr', 'NL', true],
};

for (const [name, values] of Object.entries(WRONG)) {
  test(`${name}: a value that cannot be used is named, and the one before holds`, async () => {
    for (const value of values) {
      const { browser, settings } = managed(GOOD);
      await settings.update();
      browser.says = () => Promise.resolve({ ...GOOD, [name]: value });
      await settings.update();
      assert.deepEqual(await settings.kept(), { values: GOOD, problems: [name] }, String(value));
    }
  });
}

test('addresses come in one form', async () => {
  for (const [given, form] of [
    ['https://Sluis.Example:443/', 'https://sluis.example'], ['http://127.0.0.1:8700', 'http://127.0.0.1:8700'],
    [' https://sluis.example:8743 ', 'https://sluis.example:8743'],
  ]) {
    const { settings } = managed({ ...GOOD, server: given });
    await settings.update();
    assert.equal((await settings.kept()).values.server, form);
  }
});

test('a value that IT took away is gone when others are there', async () => {
  const { browser, settings } = managed(GOOD);
  await settings.update();
  const { server, pin } = GOOD;
  browser.says = () => Promise.resolve({ server, pin });
  await settings.update();
  assert.deepEqual((await settings.kept()).values, { server, pin });
});
