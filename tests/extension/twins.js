// What the extension's twins of the ground make of their input, for test_twins.py to compare.
//
//     node twins.js NAME < INPUT.json > OUTPUT.json

import { DeviceKey, newPair } from '../../extension/src/device_key.js';
import { parseHost } from '../../extension/src/hosts.js';
import { ManagedSettings } from '../../extension/src/settings.js';
import { sign } from '../../extension/src/signatures.js';
import { newViolation } from '../../extension/src/violation.js';
import { toBase64Url, utf8 } from '../../extension/src/bytes.js';
import { memoryStore } from './memory.js';

const TWINS = {
  signatures: async ({ body, created, nonce, ...parts }) => {
    const key = await DeviceKey.of(await newPair());
    const headers = await sign({ ...parts, body: utf8(body) }, key, created, nonce);
    return { key: toBase64Url(key.raw), headers };
  },
  violations: (times) => times.map((at) => newViolation(
    { service: 'chatgpt', host: 'chatgpt.com', layer: 'rule', kind: 'attempt', verdict: 'block' },
    Date.parse(at), crypto.getRandomValues(new Uint8Array(10)))),
  settings: (all) => Promise.all(all.map(async (raw) => {
    const settings = new ManagedSettings({ store: memoryStore(), read: () => Promise.resolve(raw) });
    await settings.update();
    return await settings.kept();
  })),
  hosts: (texts) => texts.map((text) => {
    try {
      return parseHost(text) ?? 'address';
    } catch {
      return 'bad';
    }
  }),
};

let input = '';
for await (const part of process.stdin) input += part;
console.log(JSON.stringify(await TWINS[process.argv[2]](JSON.parse(input))));
