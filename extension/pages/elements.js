// @ts-check
// Elements from words: text enters a page as text, never as markup.

/** @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, string | boolean>} attributes false leaves one out
 * @param {...(Node | string | null)} inside null is nothing
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(name, attributes, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...inside.filter((one) => one !== null));
  return made;
}

/** @param {string} text @param {Record<string, string>} [attributes] */
export function paragraph(text, attributes = {}) {
  return element('p', attributes, text);
}

/** A link that tells the other side nothing of where it stood.
 * @param {{text: string, url: string}} link @param {Record<string, string>} [attributes]
 */
export function anchor({ text, url }, attributes = {}) {
  return element('a', { href: url, rel: 'noreferrer', ...attributes }, text);
}

/** @param {string} text @param {Record<string, string>} attributes @param {() => void} act */
export function button(text, attributes, act) {
  const made = element('button', { type: 'button', ...attributes }, text);
  made.addEventListener('click', act);
  return made;
}
