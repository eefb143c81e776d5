// What notices say, in both languages, by the decision and by what the policy names.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { describe } from '../../extension/src/notice.js';
import { languageOf, sayer } from '../../extension/src/texts.js';
import { listOf } from './lists.js';

const AT = Date.parse('2026-11-25T12:00:00Z');
const CONTACT = { contact: { nl: 'de servicedesk (tel. 1234)', en: 'the service desk (tel. 1234)' } };
const LINKS = Object.fromEntries(
  ['request', 'allowed', 'kept', 'wrong'].map((name) => [name, `https://intranet.example/${name}`]));
const say = Object.fromEntries(['nl', 'en'].map((language) => [language, sayer(JSON.parse(
  readFileSync(new URL(`../../extension/_locales/${language}/messages.json`, import.meta.url))))]));

function noticeOf(verdict, { why, ruled = {}, language = 'nl', more = {}, given = {} } = {}) {
  const blocklist = listOf([['suffix chatgpt.com', verdict, 'chatgpt']], {
    services: { chatgpt: { name: 'ChatGPT', category: 'assistant' } },
    decisions: { [`test ${verdict}`]: { verdict, ...(why ? { why } : {}), ...ruled } },
    ...CONTACT,
    ...more,
  });
  return describe({
    blocklist, service: 'chatgpt', at: AT, reporting: true, permitted: false, language,
    say: say[language], ...given,
  });
}

/** All that a notice says, as one text. */
function words(notice) {
  return JSON.stringify(notice);
}

const BAN = {
  decider: { nl: 'het college', en: 'the board' },
  reason: { nl: 'de eigenaar valt onder een risicoland.', en: 'the owner is in a country at risk.' },
};

const TEXTS = [
  ['agreement', 'nl', {}, 'ChatGPT kun je hier niet gebruiken',
    'Gemeente Voorbeeld heeft met de maker nog geen goede afspraken over onze gegevens. '
    + 'Daarom gebruiken we ChatGPT niet voor ons werk. Je hoeft niets te doen. '
    + 'Je naam staat hier niet bij.'],
  ['agreement', 'en', {}, 'You cannot use ChatGPT here',
    'Gemeente Voorbeeld has no good agreement with its maker yet about our data. '
    + 'That is why we do not use ChatGPT for our work. You do not have to do anything. '
    + 'Your name is not with this.'],
  ['ban', 'nl', BAN, 'ChatGPT mag je niet gebruiken op apparaten van Gemeente Voorbeeld',
    'Dat heeft het college besloten. De reden: de eigenaar valt onder een risicoland. '
    + 'Je kunt deze dienst niet aanvragen. Je hoeft niets te doen. Je naam staat hier niet bij.'],
  ['ban', 'en', BAN, 'You may not use ChatGPT on devices of Gemeente Voorbeeld',
    'The board decided this. The reason: the owner is in a country at risk. '
    + 'You cannot request this service. You do not have to do anything. Your name is not with this.'],
  ['ban', 'nl', {}, 'ChatGPT mag je niet gebruiken op apparaten van Gemeente Voorbeeld',
    'Dat heeft Gemeente Voorbeeld besloten. Je kunt deze dienst niet aanvragen. '
    + 'Je hoeft niets te doen. Je naam staat hier niet bij.'],
  ['advised-ban', 'nl', { decider: { nl: 'de AP' } }, 'ChatGPT gebruiken we niet',
    'De AP raadt deze dienst af. Gemeente Voorbeeld volgt dat advies. '
    + 'Je hoeft niets te doen. Je naam staat hier niet bij.'],
  ['advised-ban', 'en', {}, 'We do not use ChatGPT',
    'Gemeente Voorbeeld follows the advice not to use this service. '
    + 'You do not have to do anything. Your name is not with this.'],
  ['some-later-code', 'nl', BAN, 'ChatGPT kun je hier niet gebruiken',
    'Dat heeft Gemeente Voorbeeld besloten. Je hoeft niets te doen. Je naam staat hier niet bij.'],
  [undefined, 'en', {}, 'You cannot use ChatGPT here',
    'Gemeente Voorbeeld decided this. You do not have to do anything. Your name is not with this.'],
];

for (const [why, language, ruled, title, text] of TEXTS) {
  test(`${why} in ${language}`, () => {
    const notice = noticeOf('block', { why, ruled, language });
    assert.deepEqual([notice.title, notice.why.join(' ')], [title, text]);
  });
}

test('no sentence of a notice is unfinished, whatever the policy leaves out', () => {
  for (const language of ['nl', 'en']) {
    for (const why of ['agreement', 'ban', 'advised-ban', 'other']) {
      for (const verdict of ['block', 'warn', 'allow']) {
        for (const more of [{}, { links: LINKS }, { contact: {} }]) {
          assert.doesNotMatch(words(noticeOf(verdict, { why, language, more })), /\{\w+\}|undefined|null,null/);
        }
      }
    }
  }
});

test('a link stands only where the policy names its address; else the contact', () => {
  const named = noticeOf('block', { why: 'agreement', more: { links: LINKS } });
  assert.deepEqual(named.ask, {
    heading: 'Heb je ChatGPT nodig?',
    link: { text: 'Vraag ChatGPT aan', url: 'https://intranet.example/request' },
    text: 'Je krijgt binnen 10 werkdagen antwoord.',
  });
  assert.deepEqual(named.links.map(({ url }) => url), [LINKS.allowed, LINKS.kept, LINKS.wrong]);
  assert.equal(named.questions, '');
  const bare = noticeOf('block', { why: 'agreement' });
  assert.deepEqual(bare.ask, {
    heading: 'Heb je ChatGPT nodig?', link: null, text: 'Neem contact op met de servicedesk (tel. 1234).',
  });
  assert.deepEqual(bare.links, []);
  assert.match(bare.questions, /^Vragen, of klopt dit niet\? Neem contact op met de servicedesk/);
});

test('only https addresses become links', () => {
  const links = { request: 'javascript:alert(1)', allowed: 'http://a.example/', kept: 'https://' };
  const notice = noticeOf('block', { why: 'agreement', more: { links } });
  assert.deepEqual([notice.ask.link, notice.links], [null, []]);
});

test('what has no contact sends people to the organisation', () => {
  const { ask } = noticeOf('block', { why: 'agreement', more: { contact: {} } });
  assert.equal(ask.text, 'Vraag het na bij Gemeente Voorbeeld.');
});

function alternative(id, more = {}) {
  return { id, name: id.toUpperCase(), url: `https://${id}.example/`, country: 'NL', use: { nl: 'Schrijven' }, ...more };
}

test('alternatives: those for this category that the list opens now, in its order', () => {
  const alternatives = [
    alternative('blocked', { url: 'https://chatgpt.com/team' }), alternative('search', { for: ['search'] }),
    alternative('http', { url: 'http://http.example/' }), alternative('b', { for: ['assistant'] }),
    alternative('a', { country: 'FR' }),
  ];
  const { choices } = noticeOf('block', { why: 'agreement', more: { alternatives } });
  assert.deepEqual(choices, [
    { text: 'B openen', url: 'https://b.example/', name: 'B', country: 'Nederland', use: 'Schrijven' },
    { text: 'A openen', url: 'https://a.example/', name: 'A', country: 'Frankrijk', use: 'Schrijven' },
  ]);
});

test('a service of the catalogue is offered while a decision allows it, and never undecided', () => {
  const more = {
    services: {
      chatgpt: { name: 'ChatGPT', category: 'assistant' }, work: { name: 'Work', category: 'assistant' },
    },
    alternatives: ['approved', 'ended', 'undecided'].map((id) => alternative(id, { service: 'work' })),
    entries: [
      { kind: 'suffix', value: 'approved.example', service: 'work', decisions: ['approval work'] },
      { kind: 'suffix', value: 'chatgpt.com', service: 'chatgpt', decisions: ['test block'] },
      { kind: 'suffix', value: 'ended.example', service: 'work', decisions: ['approval old'] },
    ],
    decisions: {
      'test block': { verdict: 'block', why: 'agreement' },
      'approval work': { verdict: 'allow' },
      'approval old': { verdict: 'allow', until: '2026-11-25T00:00:00Z' },
    },
  };
  assert.deepEqual(noticeOf('block', { more }).choices.map(({ name }) => name), ['APPROVED']);
});

test('no alternative yet has a sentence of its own', () => {
  const notice = noticeOf('block', { why: 'agreement' });
  assert.deepEqual(notice.choices, []);
  assert.match(notice.noneYet, /^We hebben hier nog geen alternatief voor\./);
});

test('a warning asks for a reason from the list, and says what follows', () => {
  const notice = noticeOf('warn', { why: 'agreement' });
  assert.equal(notice.state, 'warned');
  assert.equal(notice.title, 'Let op: Gemeente Voorbeeld heeft geen afspraken over ChatGPT');
  assert.deepEqual(notice.warning.reasons.map(({ id }) => id), [
    'public_information', 'alternative_cannot', 'no_alternative', 'approved_project', 'trying_out', 'other',
  ]);
  assert.match(notice.warning.mistake, /Meld het bij de servicedesk \(tel\. 1234\)/);
  assert.equal(noticeOf('warn', { why: 'other' }).title, 'Let op als je ChatGPT gebruikt');
});

test('a warning without an alternative goes on to its question', () => {
  assert.equal(noticeOf('warn', { why: 'agreement' }).insteadHeading, '');
  const more = { alternatives: [alternative('a')] };
  assert.equal(noticeOf('warn', { why: 'agreement', more }).insteadHeading, 'Dit kan ook:');
});

test('what is open by now says so: after a permit, and after a new list', () => {
  const permitted = noticeOf('warn', { why: 'agreement', given: { permitted: true } });
  for (const notice of [permitted, noticeOf('allow'), noticeOf('observe')]) {
    assert.deepEqual([notice.state, notice.title], ['open', 'Je kunt ChatGPT nu gebruiken']);
    assert.equal(notice.openAgain, 'ChatGPT openen');
  }
});

test('a permit does not open what is blocked', () => {
  assert.equal(noticeOf('block', { why: 'agreement', given: { permitted: true } }).state, 'stopped');
});

test('nothing is said to be kept where reporting is off', () => {
  const notice = noticeOf('block', { why: 'agreement', given: { reporting: false } });
  assert.equal(notice.why.at(-1), 'Hier wordt niets van bewaard.');
  assert.doesNotMatch(words(notice), /Je naam/);
});

test("a trial says that it is one, and the organisation's own sentence stands under the reason", () => {
  const notice = noticeOf('block', { why: 'agreement', more: { trial: true, texts: { nl: 'Vragen? Bel ons.' } } });
  assert.equal(notice.trial, 'Dit is een proef met Sluis.');
  assert.equal(notice.why[1], 'Vragen? Bel ons.');
  assert.equal(noticeOf('block').trial, null);
});

test('before the first list, and for a service that left it, a plain sentence stands there', () => {
  for (const given of [{ blocklist: null }, { service: 'gone' }, { service: '' }]) {
    const notice = noticeOf('block', { given });
    assert.equal(notice.title, 'Deze dienst kun je hier niet gebruiken');
    assert.deepEqual(notice.links, []);
  }
});

test('the reader chooses the language, then IT, then the browser', () => {
  assert.equal(languageOf('en', 'nl', 'nl-NL'), 'en');
  assert.equal(languageOf(undefined, 'en', 'nl-NL'), 'en');
  assert.equal(languageOf(undefined, undefined, 'en-US'), 'en');
  assert.equal(languageOf(undefined, undefined, 'fr-FR'), 'nl');
});

test('sentences are short, and none scolds', () => {
  const avoided = /overtreding|verboden|geregistreerd|verwerkingsregister|pseudoniem|endpoint|door jou|!/i;
  const sentences = Object.entries(JSON.parse(readFileSync(
    new URL('../../extension/_locales/nl/messages.json', import.meta.url))))
    .filter(([key]) => /^(notice|warn)_/.test(key))
    .flatMap(([, { message }]) => message.split(/(?<=[.?:]) /));
  for (const sentence of sentences) {
    assert.doesNotMatch(sentence, avoided);
    assert.ok(sentence.split(' ').length <= 20, sentence);
  }
  const average = sentences.join(' ').split(' ').length / sentences.length;
  assert.ok(average <= 12, `${average} words a sentence`);
});
