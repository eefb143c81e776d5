// @ts-check
// The popup: how this browser stands, and what holds for the page that is looked at. Opening it
// asks for the newest list.

import { ask, noticeService, storage, tabs } from '../src/browser.js';
import { overview } from '../src/overview.js';
import { Store } from '../src/store.js';
import { element, paragraph } from './elements.js';
import { blocklist, permits, settings, speech, store } from './kept.js';

const session = new Store(storage.session);

await show();
if (await ask({ kind: 'refresh' })) await show();

async function show() {
  const { language, say } = await speech();
  const now = Date.now();
  const address = await tabs.address();
  const page = overview({
    blocklist: await blocklist(),
    freshness: await store.get('freshness'),
    health: await store.get('health'),
    settings: await settings(),
    fault: await session.get('fault'),
    address,
    stopped: noticeService(address ?? ''),
    permitted: await permits(now),
    now,
    language,
    say,
  });
  const { here } = page;
  document.querySelector('main')?.replaceChildren(
    element('h1', {}, page.organisation),
    ...page.state.map((line) => paragraph(line)),
    ...page.list.map((line) => paragraph(line, { class: 'muted small' })),
    ...(here ? [
      element('h2', {}, say('popup_here')),
      element('p', {}, element('span', { class: `verdict ${here.verdict}` }, here.text)),
    ] : []),
    ...(page.settings.length ? [element('h2', {}, say('popup_settings'))] : []),
    ...page.settings.map((line) => paragraph(line)),
    ...page.codes.map((line) => paragraph(line, { class: 'muted small' })),
  );
}
