// A browser around the extension's worker: storage, rules, tabs and events, in memory.
//
// It does what real ones do at their worst: answers calls late and in any order, delivers events
// late and in any order, and ends the worker whenever it likes. Only what a browser keeps survives.

import { Worker } from 'node:worker_threads';

import { applied } from './dnr.js';

const THREAD = new URL('./browser_thread.js', import.meta.url);
const PATIENCE = 60_000; // ms that a test waits, on a busy machine too

export class FakeBrowser {
  local = {};
  session = {};
  managed = {};
  managedHangs = false;
  dynamicRules = [];
  sessionRules = [];
  tabs = new Map();
  alarms = new Set();
  /** Called before each call of the worker: (name, number in this life); true ends the worker. */
  dies = () => false;
  /** Called with the name of each call; true makes it fail. */
  refuses = () => false;
  /** Longest delay of an answer or event, in ms. */
  slowness = 0;
  ahead = 0;
  /** How often `dies` ended the worker. */
  deaths = 0;
  #lastCall = 0;
  #keys = new Map();
  #replies = new Map();
  #thread = null;
  #numbered = 0;
  #requests = 0;

  /** Start the worker: the browser starts, or an event wakes it. */
  async wake() {
    if (this.#thread) return;
    const thread = new Worker(THREAD, { workerData: { ahead: this.ahead } });
    this.#thread = thread;
    let calls = 0;
    await new Promise((resolve, reject) => {
      thread.on('error', reject);
      thread.on('exit', resolve);
      thread.on('message', (message) => {
        if (thread !== this.#thread) return;
        if (message.listening) resolve();
        else if (message.number && 'reply' in message) this.#replies.get(message.number)(message.reply);
        else this.#answer(thread, message, calls += 1);
      });
    });
  }

  /** End the worker, between whatever two awaits it is. */
  async kill() {
    const thread = this.#thread;
    this.#thread = null;
    for (const reply of this.#replies.values()) reply(null);
    this.#replies.clear();
    await thread?.terminate();
  }

  /** Close the browser and start it again. */
  async restart() {
    await this.kill();
    this.session = {};
    this.sessionRules = [];
    await this.wake();
  }

  /** Let time pass; timers of the worker do not notice, as in a machine that sleeps. */
  pass(ms) {
    this.ahead += ms;
    this.#thread?.postMessage({ ahead: this.ahead });
  }

  async emit(event, ...args) {
    await this.#late();
    await this.wake();
    this.#thread?.postMessage({ event, args });
  }

  minute() {
    return this.emit('alarms.onAlarm', { name: 'minute' });
  }

  async setManaged(values) {
    this.managed = values;
    await this.emit('storage.onChanged', {}, 'managed');
  }

  /** A page of ours asks the worker. */
  async ask(message, sender) {
    await this.wake();
    this.#numbered += 1;
    const reply = new Promise((resolve) => { this.#replies.set(this.#numbered, resolve); });
    this.#thread.postMessage({
      event: 'runtime.onMessage', args: [message, sender], number: this.#numbered,
    });
    return await reply;
  }

  /** A person goes to an address; `covered` false is the first tab at the browser's start, which
   * no rule reaches. */
  async navigate(tabId, url, { covered = true } = {}) {
    this.#requests += 1;
    const timeStamp = Date.now() + this.ahead;
    const action = covered ? this.action(url, 'main_frame') : { type: 'allow' };
    if (action.type === 'redirect') {
      const redirectUrl = `chrome-extension://sluis${action.redirect.extensionPath}`;
      this.tabs.set(tabId, redirectUrl);
      const requestId = String(this.#requests);
      await this.emit('webRequest.onBeforeRedirect', { requestId, tabId, url, redirectUrl, timeStamp });
    } else {
      this.tabs.set(tabId, url);
      await this.emit('webNavigation.onCommitted', { tabId, frameId: 0, url, timeStamp });
    }
  }

  /** What happens to a request by the rules that are set. */
  action(url, type) {
    return applied([...this.dynamicRules, ...this.sessionRules], url, type);
  }

  /** Until this is so; what never comes is an error that says what was waited for. */
  async until(condition) {
    const end = Date.now() + PATIENCE;
    while (!await condition()) {
      if (Date.now() > end) throw new Error(`still not: ${condition}; stored: ${Object.keys(this.local)}`);
      await new Promise((resolve) => { setTimeout(resolve, 2); });
    }
  }

  /** Whether the worker has asked nothing for so long. */
  idle(ms) {
    return Date.now() - this.#lastCall > ms;
  }

  async #late() {
    if (!this.slowness) return;
    await new Promise((resolve) => { setTimeout(resolve, Math.random() * this.slowness); });
  }

  async #answer(thread, { call, args, number }, calls) {
    this.#lastCall = Date.now();
    if (this.dies(call, calls)) {
      await this.kill();
      this.deaths += 1;
      return;
    }
    if (call === 'storage.managed.get' && this.managedHangs) return;
    await this.#late();
    if (thread !== this.#thread) return;
    try {
      if (this.refuses(call)) throw new Error(`${call} was refused`);
      thread.postMessage({ answer: number, value: this.#do(call, args) });
    } catch (error) {
      thread.postMessage({ answer: number, error: error.message });
    }
  }

  #do(call, args) {
    const [part, name, verb] = call.split('.');
    if (part === 'storage') return this.#storage(this[name], verb, args[0]);
    if (part === 'keys') return this.#key(name, ...args);
    if (part === 'tabs') return name === 'update' ? this.tabs.set(args[0], args[1].url).size : 0;
    if (call === 'alarms.get') return this.alarms.has(args[0]) ? { name: args[0] } : undefined;
    if (call === 'alarms.create') return this.alarms.add(args[0]).size;
    return this.#rules(name, args[0]);
  }

  #storage(area, verb, given) {
    if (verb === 'getKeys') return Object.keys(area);
    if (verb === 'get' && given === null) return structuredClone(area);
    if (verb === 'set') return void Object.assign(area, JSON.parse(JSON.stringify(given)));
    if (verb === 'remove') return given.forEach((key) => delete area[key]);
    return Object.fromEntries(given.filter((key) => key in area).map((key) => [key, structuredClone(area[key])]));
  }

  #key(verb, ...args) {
    if (verb === 'get') return this.#keys.get(args[0]);
    if (this.#keys.has(args[1])) throw new Error('ConstraintError');
    return this.#keys.set(args[1], args[0]).size;
  }

  #rules(verb, given) {
    const store = verb.includes('Dynamic') ? 'dynamicRules' : 'sessionRules';
    if (verb === 'isRegexSupported') return { isSupported: given.regex.length < 200 };
    if (verb.startsWith('get')) return this[store];
    const left = this[store].filter(({ id }) => !given.removeRuleIds.includes(id));
    this[store] = [...left, ...given.addRules];
    return undefined;
  }
}
