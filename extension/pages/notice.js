// @ts-check
// The notice in place of a stopped page. It says its piece without the worker, which is asked for
// two things alone: where the site begins, and to note what became of this.

import { effective } from '../src/blocklist.js';
import { ask, onKept } from '../src/browser.js';
import { describe, SHOWN } from '../src/notice.js';
import { anchor, button, element, paragraph } from './elements.js';
import { blocklist, permits, reporting, speech, store } from './kept.js';

/** @import { Choice, Notice, Warning } from '../src/notice.js' */
/** @import { Say } from '../src/texts.js' */

const service = new URLSearchParams(location.search).get('service') ?? '';
const stopped = /** @type {Promise<{start: string, layer: string} | null>} */ (
  ask({ kind: 'stopped', since: performance.timeOrigin }));
let shown = '';

if (window.top === window) {
  show();
  onKept((keys) => {
    if (keys.some((key) => key === 'list' || key.startsWith('permit:'))) show();
  });
}

/** Show the notice as it is now, in the reader's language, if that is not what stands there. */
async function show() {
  const { language, say } = await speech();
  const list = await blocklist();
  const at = list ? effective(list, Date.now()) : Date.now();
  const notice = describe({
    blocklist: list,
    service,
    at,
    reporting: await reporting(Date.now()),
    permitted: (await permits(at)).has(service),
    language,
    say,
  });
  if (JSON.stringify(notice) === shown) return;
  shown = JSON.stringify(notice);
  document.title = `${notice.title} – Sluis`;
  const heading = element('h1', { tabindex: '-1' }, notice.title);
  document.querySelector('main')?.replaceChildren(
    paragraph(notice.organisation, { class: 'organisation' }),
    heading,
    paragraph(notice.why.join(' ')),
    ...await middle(notice),
    ...asked(notice),
    foot(notice, say),
  );
  heading.focus();
}

/** @param {Notice} notice @returns {Promise<Node[]>} */
async function middle(notice) {
  if (notice.state === 'open') {
    const known = await stopped;
    const link = known && anchor({ text: notice.openAgain, url: known.start }, { class: 'button' });
    return link ? [element('p', {}, link)] : [];
  }
  const heading = notice.insteadHeading;
  return [
    ...(heading ? [element('h2', {}, heading), ...choices(notice)] : []),
    ...(notice.warning ? [form(notice.warning)] : []),
  ];
}

/** @param {Notice} notice @returns {Node[]} */
function choices({ choices: all, noneYet, showAll }) {
  if (!all.length) return [paragraph(noneYet)];
  const items = all.map(choice);
  const list = element('ul', { class: 'choices' }, ...items.slice(0, SHOWN));
  if (items.length <= SHOWN) return [list];
  const more = button(showAll, { class: 'link' }, () => {
    list.append(...items.slice(SHOWN));
    items[SHOWN]?.querySelector('a')?.focus();
    more.remove();
  });
  return [list, more];
}

/** @param {Choice} choice @param {number} place */
function choice({ text, url, name, country, use }, place) {
  const link = anchor({ text, url }, place ? {} : { class: 'button' });
  link.addEventListener('click', () => ask({ kind: 'alternative' }));
  const tag = country ? element('span', { class: 'tag' }, country) : null;
  const words = element('span', {},
    element('span', { class: 'name' }, name, ' ', tag),
    element('span', { class: 'use' }, use));
  return element('li', {}, words, link);
}

/** Why go on: a choice, asked before anything else happens.
 * @param {Warning} warning
 */
function form(warning) {
  const error = element('p', { class: 'error', id: 'error', role: 'alert' });
  const radio = { type: 'radio', name: 'reason', 'aria-describedby': 'error' };
  const radios = warning.reasons.map(({ id, text }) => (
    element('label', { class: 'reason' }, element('input', { ...radio, value: id }), text)));
  const made = element('form', { novalidate: true },
    element('fieldset', {}, element('legend', {}, warning.question), ...radios),
    error,
    element('div', { class: 'actions' },
      button(warning.back, { class: 'button quiet' }, back),
      element('button', { type: 'submit', class: 'button quiet' }, warning.goOn)),
    paragraph(warning.until, { class: 'muted' }),
    paragraph(warning.count, { class: 'muted' }),
    warning.mistake ? paragraph(warning.mistake) : null);
  made.addEventListener('submit', async (event) => {
    event.preventDefault();
    const reason = new FormData(made).get('reason');
    error.textContent = reason ? '' : warning.choose;
    if (!reason) made.querySelector('input')?.focus();
    else if (!await ask({ kind: 'go-on', reason })) error.textContent = warning.failed;
  });
  return made;
}

/** Back to what stood there before; where nothing did, the tab is closed. */
async function back() {
  await ask({ kind: 'turned-back' });
  // where the net put us here, the stopped page itself lies between
  const steps = (await stopped)?.layer === 'net' ? 2 : 1;
  if (history.length > steps) history.go(-steps);
  else await ask({ kind: 'close' });
}

/** @param {Notice} notice @returns {Node[]} */
function asked({ ask: question }) {
  if (!question) return [];
  const { heading, link, text } = question;
  const words = link ? [anchor(link), `. ${text}`] : [text];
  return [element('h2', {}, heading), element('p', {}, ...words)];
}

/** @param {Notice} notice @param {Say} say */
function foot({ links, questions, trial }, say) {
  const other = say('language_other_code');
  const language = button(say('language_other'), { class: 'link', lang: other }, async () => {
    await store.put('language', other);
    await show();
  });
  return element('footer', { class: 'small muted' },
    ...[questions, trial].filter((text) => text).map((text) => paragraph(String(text))),
    element('div', { class: 'links' }, ...links.map((link) => anchor(link)), language));
}
