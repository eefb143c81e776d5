// Enrolment and signed requests, against a server that answers as told.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DeviceKey, newPair } from '../../extension/src/device_key.js';
import { Enrolment, Refused } from '../../extension/src/enrol.js';
import { counting, memoryStore } from './memory.js';

const NOW = Date.parse('2026-11-25T12:00:00Z');

/** A link that gives these answers in turn, and remembers what was sent. */
function link(...answers) {
  const sent = [];
  const send = (path, { headers, body }) => {
    sent.push({ path, headers, content: JSON.parse(new TextDecoder().decode(body)) });
    return Promise.resolve(answers.shift());
  };
  return { authority: 'sluis.example', send, sent };
}

async function begun(content = {}) {
  const key = await DeviceKey.of(await newPair());
  const enrolment = new Enrolment({
    store: memoryStore(content), key: () => Promise.resolve(key), now: () => NOW, random: counting(),
    profile: () => Promise.resolve({ name: 'Chromium', os: 'linux' }),
  });
  return { key, content, enrolment };
}

const ENROLLED = { status: 201, body: { device: 'd-1' } };

test('a profile enrols once, with the token, by its key alone', async () => {
  const { key, content, enrolment } = await begun();
  const server = link(ENROLLED);
  await enrolment.ensure(server, 'a-token');
  await enrolment.ensure(server, 'a-token');
  assert.equal(server.sent.length, 1);
  const [{ path, headers, content: { key: shown, ...rest } }] = server.sent;
  assert.equal(path, '/v1/device/enrolments');
  assert.deepEqual(rest, { token: 'a-token', kind: 'profile', name: 'Chromium', os: 'linux' });
  assert.equal(shown.alg, 'ecdsa-p256-sha256');
  assert.match(headers['Signature-Input'], new RegExp(`keyid="${key.keyid}"`));
  assert.equal(content.device.device, 'd-1');
});

test('another server, or a server that has forgotten us, is enrolled at anew', async () => {
  const { enrolment } = await begun();
  await enrolment.ensure(link(ENROLLED), 'a-token');
  const other = { ...link(ENROLLED), authority: 'other.example' };
  await enrolment.ensure(other, 'a-token');
  assert.equal(other.sent.length, 1);
  const forgetful = { ...link({ status: 401, body: { code: 'unknown-device' } }), authority: 'other.example' };
  await assert.rejects(enrolment.post(forgetful, '/v1/device/check-ins', {}), new Refused('unknown-device'));
  const again = { ...link(ENROLLED), authority: 'other.example' };
  await enrolment.ensure(again, 'a-token');
  assert.equal(again.sent.length, 1);
});

test('without a token nothing is asked', async () => {
  const { enrolment } = await begun();
  const server = link();
  await assert.rejects(enrolment.ensure(server, undefined), new Refused('no-token'));
  assert.equal(server.sent.length, 0);
});

test('a clock that is off takes the time of the server', async () => {
  const { enrolment } = await begun();
  const server = link(
    { status: 401, body: { code: 'clock', now: '2026-11-26T12:00:00Z' } }, { status: 200, body: {} },
    { status: 200, body: {} });
  await enrolment.post(server, '/v1/device/check-ins', {});
  await enrolment.post(server, '/v1/device/check-ins', {});
  const created = server.sent.map(({ headers }) => Number(/created=(\d+)/.exec(headers['Signature-Input'])[1]));
  assert.deepEqual(created, [NOW / 1000, NOW / 1000 + 86400, NOW / 1000 + 86400]);
  const nonces = server.sent.map(({ headers }) => /nonce="([^"]+)"/.exec(headers['Signature-Input'])[1]);
  assert.equal(new Set(nonces).size, 3);
});

test('what the server refuses keeps its code', async () => {
  const { content, enrolment } = await begun();
  for (const [answer, code] of [
    [{ status: 401, body: { code: 'token' } }, 'token'], [{ status: 502, body: {} }, 'http-502'],
  ]) {
    await assert.rejects(enrolment.ensure(link(answer), 'a-token'), new Refused(code));
  }
  assert.equal(content.device, undefined);
});
