// @ts-check
// What a notice says. Pure: the list and a service in, sentences and links out; pages/ shows it.
//
// Four parts, always: what happened, why, what instead, how to ask. A link stands only where the
// list names its address; else a sentence with the contact. A why-code that is not known here gets
// a plain sentence that is true of every decision.

import { parseHost } from './hosts.js';
import { decide, serviceRuling } from './matcher.js';
import { wordsIn } from './texts.js';
import { REASONS } from './violation.js';

/** @import { Alternative, Blocklist, Ruled } from './blocklist.js' */
/** @import { Language, Say } from './texts.js' */

/** @typedef {{text: string, url: string}} Link */
/** @typedef {{text: string, url: string, name: string, country: string, use: string}} Choice */
/** @typedef {{heading: string, link: Link | null, text: string}} Ask */
/** @typedef {{question: string, reasons: {id: string, text: string}[], goOn: string, back: string,
 *   until: string, choose: string, failed: string, count: string, mistake: string}} Warning */
/** @typedef {{
 *   state: 'stopped' | 'warned' | 'open',
 *   title: string, organisation: string, why: string[], trial: string | null,
 *   insteadHeading: string, choices: Choice[], noneYet: string, showAll: string,
 *   warning: Warning | null, ask: Ask | null, links: Link[], questions: string, openAgain: string,
 * }} Notice `choices` are all that can be used here now, in the policy's order;
 *   an empty heading or sentence is not shown */

/** How many alternatives stand on the page before somebody asks for all. */
export const SHOWN = 3;

/** @typedef {{blocklist: Blocklist | null, service: string, at: number, reporting: boolean,
 *   permitted: boolean, language: Language, say: Say}} Given */
/** @typedef {Given & {blocklist: Blocklist, names: {service: string, org: string},
 *   contact: string}} Known */

/** @param {Given} given
 * @returns {Notice}
 */
export function describe(given) {
  const { blocklist, service, at, language, say } = given;
  const listed = blocklist?.services.get(service);
  if (!blocklist || !listed) return unknown(given);
  const names = { service: listed.name, org: blocklist.organisation };
  const known = { ...given, blocklist, names, contact: wordsIn(blocklist.contact, language) };
  const { verdict, ruled } = serviceRuling(blocklist, service, at);
  const notice = {
    organisation: names.org,
    trial: blocklist.trial ? say('notice_trial') : null,
    insteadHeading: say('notice_instead_heading'),
    choices: choices(known, listed.category),
    noneYet: say('notice_none_yet'),
    showAll: '',
    ask: null,
    links: links(known),
    questions: questions(known),
    warning: null,
    openAgain: say('notice_open', { alternative: names.service }),
  };
  notice.showAll = say('notice_all', { count: String(notice.choices.length) });
  if (verdict === 'warn' && !given.permitted) {
    const insteadHeading = notice.choices.length ? say('warn_instead_heading') : '';
    return { ...notice, insteadHeading, ...warned(known, ruled) };
  }
  if (verdict === 'block') return { ...notice, ...stopped(known, ruled) };
  const title = say('notice_open_again_title', names);
  const why = [say('notice_open_again_why', names)];
  return { ...notice, state: 'open', title, why, choices: [] };
}

/** @param {Known} known @param {Ruled | null} ruled
 * @returns {Pick<Notice, 'state' | 'title' | 'why' | 'ask'>}
 */
function stopped(known, ruled) {
  const { title, why, ask } = blocked(known, ruled);
  const own = wordsIn(known.blocklist.texts, known.language);
  const forMe = [known.say('notice_nothing_to_do'), myName(known)];
  return { state: 'stopped', title, why: [...why, ...(own ? [own] : []), ...forMe], ask };
}

/** @typedef {Pick<Notice, 'title' | 'why' | 'ask'>} Text */

/** The text by the why-code. @param {Known} known @param {Ruled | null} ruled @returns {Text} */
function blocked(known, ruled) {
  switch (ruled?.why) {
    case 'agreement': return agreement(known);
    case 'ban': return ban(known, ruled);
    case 'advised-ban': return advisedBan(known, ruled);
    default: return plain(known);
  }
}

/** @param {Known} known @returns {Text} */
function agreement(known) {
  const why = [known.say('notice_agreement_why', known.names)];
  return { title: known.say('notice_agreement_title', known.names), why, ask: request(known) };
}

/** @param {Known} known @param {Ruled | null} ruled @returns {Text} */
function ban(known, ruled) {
  const { say, names } = known;
  const why = [...decided(known, ruled), say('notice_ban_closed')];
  const ask = contact(known, say('notice_ban_need_heading'));
  return { title: say('notice_ban_title', names), why, ask };
}

/** @param {Known} known @param {Ruled | null} ruled @returns {Text} */
function advisedBan(known, ruled) {
  const title = known.say('notice_advised_title', known.names);
  return { title, why: advised(known, ruled), ask: null };
}

/** True of every decision. @param {Known} known @returns {Text} */
function plain(known) {
  const { say, names } = known;
  const why = [say('notice_plain_why', names)];
  return { title: say('notice_agreement_title', names), why, ask: request(known) };
}

/** @param {Known} known @param {Ruled | null} ruled
 * @returns {Pick<Notice, 'state' | 'title' | 'why' | 'warning'>}
 */
function warned(known, ruled) {
  const { say, names } = known;
  const reasons = REASONS.map((id) => ({ id, text: say(`warn_reason_${id}`) }));
  return {
    state: 'warned',
    title: say(ruled?.why === 'agreement' ? 'warn_title' : 'warn_title_plain', names),
    why: [say('warn_why'), myName(known)],
    warning: {
      question: say('warn_question', names),
      reasons,
      goOn: say('warn_go_on', names),
      back: say('warn_back'),
      until: say('warn_until', names),
      choose: say('warn_choose', names),
      failed: say('warn_failed', names),
      count: say('warn_count'),
      mistake: known.contact ? say('warn_mistake', { contact: known.contact }) : '',
    },
  };
}

/** Before the first list, or for a service that has left it.
 * @param {Given} given
 * @returns {Notice}
 */
function unknown({ blocklist, say }) {
  const org = blocklist?.organisation ?? say('notice_unknown_organisation');
  const service = say('notice_unknown_service');
  return {
    state: 'stopped',
    title: say('notice_agreement_title', { service }),
    organisation: org,
    why: [say('notice_plain_why', { org })],
    trial: null,
    insteadHeading: '',
    choices: [],
    noneYet: '',
    showAll: '',
    warning: null,
    ask: null,
    links: [],
    questions: '',
    openAgain: '',
  };
}

/** @param {Known} known @param {Ruled | null} ruled */
function decided({ say, names, language }, ruled) {
  const decider = wordsIn(ruled?.decider ?? {}, language);
  const by = decider ? say('notice_ban_why', { decider }) : say('notice_plain_why', names);
  return [by, ...reason({ say, language }, ruled)];
}

/** @param {Known} known @param {Ruled | null} ruled */
function advised({ say, names, language }, ruled) {
  const decider = wordsIn(ruled?.decider ?? {}, language);
  const key = decider ? 'notice_advised_why' : 'notice_advised_why_plain';
  return [say(key, { ...names, decider }), ...reason({ say, language }, ruled)];
}

/** @param {Pick<Known, 'say' | 'language'>} known @param {Ruled | null} ruled
 * @returns {string[]}
 */
function reason({ say, language }, ruled) {
  const text = wordsIn(ruled?.reason ?? {}, language).replace(/\.$/, '');
  return text ? [say('notice_reason', { reason: text })] : [];
}

/** What happens to the reader, by whether reports are made. @param {Known} known */
function myName({ say, reporting }) {
  return say(reporting ? 'notice_no_name' : 'notice_not_kept');
}

/** @param {Known} known @returns {Ask} */
function request(known) {
  const { say, names, blocklist } = known;
  const heading = say('notice_need_heading', names);
  const url = https(blocklist.links['request']);
  if (!url) return contact(known, heading);
  const link = { text: say('notice_request', names), url };
  return { heading, link, text: say('notice_request_term') };
}

/** @param {Known} known @param {string} heading @returns {Ask} */
function contact({ say, names, contact: whom }, heading) {
  const text = whom ? say('notice_contact', { contact: whom }) : say('notice_no_contact', names);
  return { heading, link: null, text };
}

/** Where "what is kept" or "is this wrong" has no address, the contact answers.
 * @param {Known} known
 */
function questions({ blocklist, contact: whom, say }) {
  const { kept, wrong } = blocklist.links;
  if (!whom || (https(kept) && https(wrong))) return '';
  return `${say('notice_questions_heading')} ${say('notice_contact', { contact: whom })}`;
}

/** @param {Known} known @returns {Link[]} */
function links({ blocklist, say }) {
  return ['allowed', 'kept', 'wrong'].flatMap((name) => {
    const url = https(blocklist.links[name]);
    return url ? [{ text: say(`notice_${name}`), url }] : [];
  });
}

/** The alternatives for this category that the list allows now.
 * @param {Known} known @param {string} category
 * @returns {Choice[]}
 */
function choices({ blocklist, at, language, say }, category) {
  return blocklist.alternatives
    .filter(({ categories }) => !categories.length || categories.includes(category))
    .filter((alternative) => opens(blocklist, alternative, at))
    .map(({ name, url, country, use }) => ({
      text: say('notice_open', { alternative: name }),
      url,
      name,
      country: countryName(country, language),
      use: wordsIn(use, language),
    }));
}

/** Whether it may be used now: a service of the catalogue only by a decision that allows it.
 * @param {Blocklist} blocklist @param {Alternative} alternative @param {number} at
 */
function opens(blocklist, { url, service }, at) {
  const address = https(url);
  if (!address) return false;
  const { host, pathname } = new URL(address);
  const { verdict, ruled } = decide(blocklist, parseHost(host), pathname, at);
  if (service) return verdict === 'allow' && ruled !== null; // undecided is not approved
  return verdict === 'allow' || verdict === 'observe';
}

/** An address that may be linked to. @param {string | undefined} text */
function https(text) {
  return text?.startsWith('https://') && URL.canParse(text) ? text : null;
}

/** @param {string} code ISO 3166-1 alpha-2 @param {Language} language */
function countryName(code, language) {
  if (!/^[A-Z]{2}$/.test(code)) return '';
  return new Intl.DisplayNames([language], { type: 'region' }).of(code) ?? '';
}
