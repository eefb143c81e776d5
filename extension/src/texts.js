// @ts-check
// What the pages say: the catalogue of one language, with its blanks filled in.

/** @typedef {'nl' | 'en'} Language */
/** @typedef {(key: string, values?: Record<string, string>) => string} Say */
/** @import { Words } from './blocklist.js' */

/** The reader's own choice, else what IT set, else the browser's language.
 * @param {string | undefined} chosen
 * @param {string | undefined} managed
 * @param {string} browsers such as nl-NL
 * @returns {Language}
 */
export function languageOf(chosen, managed, browsers) {
  const known = [chosen, managed, browsers.slice(0, 2)].find((one) => one === 'nl' || one === 'en');
  return /** @type {Language} */ (known ?? 'nl');
}

/** The sentences of a catalogue (_locales/…/messages.json); {name} is filled in from the values.
 * @param {Record<string, {message: string}>} catalogue
 * @returns {Say}
 */
export function sayer(catalogue) {
  return (key, values = {}) => {
    const sentence = catalogue[key]?.message ?? key;
    const filled = sentence.replace(/\{(\w+)\}/g, (blank, name) => values[name] ?? blank);
    return sentence.startsWith('{') ? capital(filled) : filled;
  };
}

/** The organisation's own words in this language, else in another; empty where there are none.
 * @param {Words} words @param {Language} language
 */
export function wordsIn(words, language) {
  return words[language] ?? words['nl'] ?? words['en'] ?? Object.values(words)[0] ?? '';
}

/** What fills in the first blank of a sentence need not begin with a capital.
 * @param {string} sentence
 */
function capital(sentence) {
  return sentence.charAt(0).toLocaleUpperCase() + sentence.slice(1);
}
