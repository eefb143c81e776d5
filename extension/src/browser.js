// @ts-check
// The browser: the only file that names chrome.*. Thin wrappers with the shapes that the rest asks
// for; nothing is decided here, and nothing happens on import.

/** @import { Area } from './store.js' */
/** @import { RuleStore } from './enforcer.js' */
/** @import { Committed, Failed, Redirected } from './attempts.js' */
/** @import { Language } from './texts.js' */

/** @typedef {{tabId: number, url: string}} Sender a page of ours that stands in a tab */
/** @typedef {Record<string, unknown>} Message */

const WEB = { urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*'] };
const NOTICE = '/pages/notice.html';

/** @param {'local' | 'session'} name @returns {Area} */
function area(name) {
  return {
    read: (keys) => chrome.storage[name].get(keys),
    write: (items) => chrome.storage[name].set(items),
    remove: (keys) => chrome.storage[name].remove(keys),
    keys: () => chrome.storage[name].getKeys(),
  };
}

/** What lasts, what ends with the browser, and what IT set. */
export const storage = {
  local: area('local'),
  session: area('session'),
  /** @returns {Promise<Record<string, unknown>>} */
  managed: () => chrome.storage.managed.get(null),
};

/** declarativeNetRequest. @type {RuleStore} */
export const rules = {
  installed: () => chrome.declarativeNetRequest.getDynamicRules(),
  replace: async (all) => {
    const before = await chrome.declarativeNetRequest.getDynamicRules();
    await chrome.declarativeNetRequest.updateDynamicRules(
      { removeRuleIds: before.map(({ id }) => id), addRules: all });
  },
  replaceSession: async (all) => {
    const before = await chrome.declarativeNetRequest.getSessionRules();
    await chrome.declarativeNetRequest.updateSessionRules(
      { removeRuleIds: before.map(({ id }) => id), addRules: all });
  },
  supports: async (regex, isCaseSensitive) => (
    await chrome.declarativeNetRequest.isRegexSupported({ regex, isCaseSensitive })).isSupported,
};

export const tabs = {
  /** @param {number} tabId @param {string} url */
  show: async (tabId, url) => {
    await chrome.tabs.update(tabId, { url });
  },
  /** The address of the tab that is looked at; undefined where it is none that we may see. */
  address: async () => (await chrome.tabs.query({ active: true, lastFocusedWindow: true }))[0]?.url,
  /** Close a tab; a new one takes its place, so that the window stays.
   * @param {number} tabId
   */
  close: async (tabId) => {
    await chrome.tabs.create({});
    await chrome.tabs.remove(tabId);
  },
};

/** Events. Each must be asked for in the first tick of the worker, else nothing wakes it. */
export const on = {
  /** @param {(event: Redirected) => void} listener */
  redirected: (listener) => {
    chrome.webRequest.onBeforeRedirect.addListener(listener, { ...WEB, types: ['main_frame'] });
  },
  /** Anything but a page. @param {(event: Failed) => void} listener */
  failed: (listener) => {
    chrome.webRequest.onErrorOccurred.addListener(listener, {
      ...WEB,
      types: ['sub_frame', 'stylesheet', 'script', 'image', 'font', 'object', 'xmlhttprequest',
        'ping', 'media', 'websocket', 'other'],
    });
  },
  /** @param {(event: Committed) => void} listener */
  committed: (listener) => {
    chrome.webNavigation.onCommitted.addListener(
      listener, { url: [{ schemes: ['http', 'https'] }] });
  },
  /** @param {(tabId: number) => void} listener */
  tabClosed: (listener) => chrome.tabs.onRemoved.addListener((tabId) => listener(tabId)),
  /** Every minute: the shortest that the browser allows is half of it.
   * @param {() => void} listener
   */
  minute: (listener) => chrome.alarms.onAlarm.addListener(listener),
  /** @param {() => void} listener */
  managedChanged: (listener) => {
    chrome.storage.onChanged.addListener((_, name) => {
      if (name === 'managed') listener();
    });
  },
  /** The browser or the extension starts; the worker starts more often.
   * @param {() => void} listener
   */
  started: (listener) => {
    chrome.runtime.onStartup.addListener(listener);
    chrome.runtime.onInstalled.addListener(listener);
  },
  /** A page of ours asks something.
   * @param {(message: Message, sender: Sender) => Promise<unknown>} answer
   */
  message: (answer) => {
    chrome.runtime.onMessage.addListener((message, { tab, url = '' }, respond) => {
      answer(Object(message), { tabId: tab?.id ?? -1, url }).then(respond, () => respond(null));
      return true; // the answer comes later
    });
  },
};

/** The 60 s alarm; made again at each start, since an update of the extension forgets it. */
export async function keepMinute() {
  if (!await chrome.alarms.get('minute')) {
    await chrome.alarms.create('minute', { periodInMinutes: 1 });
  }
}

/** Ask the worker; null where it does not answer. @param {Message} message
 * @returns {Promise<unknown>}
 */
export async function ask(message) {
  try {
    return await chrome.runtime.sendMessage(message) ?? null;
  } catch {
    return null;
  }
}

/** Be told when what is kept under a key has changed.
 * @param {(keys: string[]) => void} listener
 */
export function onKept(listener) {
  chrome.storage.onChanged.addListener((changes, name) => {
    if (name === 'local') listener(Object.keys(changes));
  });
}

/** The service whose notice stands at an address, null for any other address. A redirect may name
 * our page by an id of its own for each session (use_dynamic_url).
 * @param {string} address
 * @returns {string | null}
 */
export function noticeService(address) {
  if (!URL.canParse(address)) return null;
  const { host, pathname, searchParams } = new URL(address);
  const ours = [chrome.runtime.id, new URL(chrome.runtime.getURL(NOTICE)).host];
  return pathname === NOTICE && ours.includes(host) ? searchParams.get('service') : null;
}

/** The address of a file of ours. @param {string} path */
export function fileUrl(path) {
  return chrome.runtime.getURL(path);
}

/** The browser's language, such as nl-NL. */
export function browserLanguage() {
  return chrome.i18n.getUILanguage();
}

/** The sentences of a language. @param {Language} language
 * @returns {Promise<Record<string, {message: string}>>}
 */
export async function catalogue(language) {
  return await (await fetch(fileUrl(`/_locales/${language}/messages.json`))).json();
}

/** Our version, and what this profile may be called: no name of a person or machine. */
export async function profile() {
  const { os } = await chrome.runtime.getPlatformInfo();
  return { name: 'Chromium', os };
}

/** @returns {string} */
export function version() {
  return chrome.runtime.getManifest().version;
}
