// @ts-check
// What the popup says: state, list, this page, settings. Pure: what is kept in, lines out.

import { effective } from './blocklist.js';
import { parseHost } from './hosts.js';
import { decide, serviceRuling } from './matcher.js';

/** @import { Blocklist, Verdict } from './blocklist.js' */
/** @import { Health } from './enforcer.js' */
/** @import { Settings } from './settings.js' */
/** @import { Language, Say } from './texts.js' */
/** @import { Freshness } from './updater.js' */

/** How a day is written. @type {Record<Language, string>} */
const DATES = { nl: 'nl-NL', en: 'en-GB' };

/** @typedef {{organisation: string, state: string[], list: string[],
 *   here: {verdict: Verdict, text: string} | null, settings: string[],
 *   codes: string[]}} Overview */

/** @param {{blocklist: Blocklist | null, freshness: Freshness | undefined,
 *   health: Health | undefined, settings: Settings, fault: string | undefined,
 *   address: string | undefined,
 *   stopped: string | null, permitted: ReadonlySet<string>, now: number, language: Language,
 *   say: Say}} kept `address` is of the tab that is looked at; `stopped` the service whose notice
 *   stands there
 * @returns {Overview}
 */
export function overview(kept) {
  const { blocklist, freshness, health, settings, fault, say } = kept;
  const org = blocklist?.organisation ?? say('notice_unknown_organisation');
  const state = [say(`popup_${freshness?.state ?? 'waiting'}`)];
  if (blocklist && health?.state !== 'in-force') state.push(say('popup_not_in_force'));
  const codes = [freshness?.code, health?.code, fault].filter((code) => typeof code === 'string');
  return {
    organisation: org,
    state,
    list: blocklist ? listLines(blocklist, kept.language, say) : [],
    here: blocklist && here(blocklist, kept),
    settings: settingLines(settings, org, say),
    codes: codes.map((code) => say('popup_code', { code })),
  };
}

/** @param {Settings} settings @param {string} org @param {Say} say */
function settingLines({ values, problems }, org, say) {
  const wrong = problems.map((name) => say('popup_bad_setting', { name }));
  return values.server && values.pin ? wrong : [say('popup_unset', { org }), ...wrong];
}

/** @param {Blocklist} blocklist @param {Language} language @param {Say} say */
function listLines({ published, version }, language, say) {
  const date = new Intl.DateTimeFormat(
    DATES[language], { dateStyle: 'long', timeStyle: 'short' }).format(published);
  return [
    say('popup_list', { date }),
    say('popup_version', { version: String(version) }),
  ];
}

/** @param {Blocklist} blocklist
 * @param {{address: string | undefined, stopped: string | null, permitted: ReadonlySet<string>,
 *   now: number, say: Say}} kept
 * @returns {Overview['here']}
 */
function here(blocklist, { address, stopped, permitted, now, say }) {
  const at = effective(blocklist, now);
  const decision = stopped === null
    ? decideAddress(blocklist, address, at) : serviceRuling(blocklist, stopped, at);
  if (!decision) return null;
  const { verdict, entry } = decision;
  const service = blocklist.services.get(entry?.service ?? '')?.name ?? '';
  const lifted = verdict === 'warn' && permitted.has(entry?.service ?? '');
  return {
    verdict: lifted ? 'allow' : verdict,
    text: say(`popup_here_${lifted ? 'permit' : verdict}`, { service }),
  };
}

/** @param {Blocklist} blocklist @param {string | undefined} address @param {number} at */
function decideAddress(blocklist, address, at) {
  if (!address || !/^https?:/.test(address)) return null;
  const url = new URL(address);
  return decide(blocklist, hostOf(url), url.pathname, at);
}

/** @param {URL} url */
function hostOf({ host }) {
  try {
    return parseHost(host);
  } catch {
    return null;
  }
}
