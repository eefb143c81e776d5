// One life of the extension's worker: a thread with its own chrome.*, which is a line to the
// browser (fake_browser.js). Ended from outside, at any moment, as a browser ends a worker.

import { parentPort, workerData } from 'node:worker_threads';

const waiting = new Map();
const listeners = new Map();
let asked = 0;

/** Ask the browser; the promise is settled by its answer, if this life lasts so long. */
function call(name) {
  return (...args) => new Promise((resolve, reject) => {
    asked += 1;
    waiting.set(asked, { resolve, reject });
    parentPort.postMessage({ call: name, args, number: asked });
  });
}

function event(name) {
  listeners.set(name, []);
  return { addListener: (listener) => listeners.get(name).push(listener) };
}

function area(name) {
  return Object.fromEntries(['get', 'set', 'remove', 'getKeys'].map(
    (verb) => [verb, call(`storage.${name}.${verb}`)]));
}

globalThis.chrome = {
  storage: {
    local: area('local'), session: area('session'), managed: { get: call('storage.managed.get') },
    onChanged: event('storage.onChanged'),
  },
  declarativeNetRequest: Object.fromEntries(
    ['getDynamicRules', 'updateDynamicRules', 'getSessionRules', 'updateSessionRules',
      'isRegexSupported'].map((verb) => [verb, call(`declarativeNetRequest.${verb}`)])),
  webRequest: {
    onBeforeRedirect: event('webRequest.onBeforeRedirect'),
    onErrorOccurred: event('webRequest.onErrorOccurred'),
  },
  webNavigation: { onCommitted: event('webNavigation.onCommitted') },
  tabs: {
    onRemoved: event('tabs.onRemoved'), update: call('tabs.update'), create: call('tabs.create'),
    remove: call('tabs.remove'),
  },
  alarms: { onAlarm: event('alarms.onAlarm'), get: call('alarms.get'), create: call('alarms.create') },
  runtime: {
    id: 'sluis', onStartup: event('runtime.onStartup'), onInstalled: event('runtime.onInstalled'),
    onMessage: event('runtime.onMessage'),
    getURL: (path) => `chrome-extension://sluis/${path.replace(/^\//, '')}`,
    getManifest: () => ({ version: '0.1.0' }),
    getPlatformInfo: () => Promise.resolve({ os: 'linux' }),
  },
  i18n: { getUILanguage: () => 'nl' },
};

/** As much of IndexedDB as one key needs. */
function request(answer) {
  const made = {};
  answer.then(
    (result) => { made.result = result; made.onsuccess?.(); },
    (error) => { made.error = error; made.onerror?.(); });
  return made;
}

const table = {
  get: (key) => request(call('keys.get')(key)),
  add: (value, key) => request(call('keys.add')(value, key)),
};
const database = { transaction: () => ({ objectStore: () => table }), close: () => {} };
globalThis.indexedDB = { open: () => request(Promise.resolve(database)) };

const real = Date.now;
let ahead = workerData.ahead;
Date.now = () => real() + ahead;

parentPort.on('message', (message) => {
  if (message.answer !== undefined) {
    const { resolve, reject } = waiting.get(message.answer);
    waiting.delete(message.answer);
    if (message.error) reject(new Error(message.error));
    else resolve(message.value);
  } else if (message.ahead !== undefined) {
    ahead = message.ahead;
  } else {
    deliver(message);
  }
});

function deliver({ event: name, args, number }) {
  for (const listener of listeners.get(name)) {
    if (name !== 'runtime.onMessage') listener(...args);
    else listener(...args, (reply) => parentPort.postMessage({ reply, number }));
  }
}

await import('../../extension/src/background.js');
parentPort.postMessage({ listening: true });
