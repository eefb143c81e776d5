// @ts-check
// What our pages read: the same things that the worker keeps, without asking it.

import { browserLanguage, catalogue, storage } from '../src/browser.js';
import { KeptList } from '../src/kept_list.js';
import { Permits } from '../src/permits.js';
import { Store } from '../src/store.js';
import { languageOf, sayer } from '../src/texts.js';

/** @import { Organisation } from '../src/updater.js' */
/** @import { Settings } from '../src/settings.js' */

export const store = new Store(storage.local);

/** @returns {Promise<Settings>} */
export async function settings() {
  return await store.get('settings') ?? { values: {}, problems: [] };
}

/** The list in force, read anew. */
export function blocklist() {
  return new KeptList(store).current();
}

/** @param {number} at */
export function permits(at) {
  return new Permits(store).current(at);
}

/** Whether reports are made now. @param {number} at */
export async function reporting(at) {
  /** @type {Organisation | undefined} */
  const organisation = await store.get('organisation');
  const from = organisation?.reportingFrom ?? null;
  return from !== null && from <= at;
}

/** The language to read in, and its sentences; the page is marked with it. */
export async function speech() {
  /** @type {string | undefined} */
  const chosen = await store.get('language');
  const language = languageOf(chosen, (await settings()).values.language, browserLanguage());
  document.documentElement.lang = language;
  return { language, say: sayer(await catalogue(language)) };
}
