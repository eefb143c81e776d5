// @ts-check
// What the popup says: state, list, this page, settings. Pure: what is kept in, lines out.

import { effective } from './blocklist.js';
import { parseHost } from './hosts.js';
import { decide } from './matcher.js';

/** @import { Blocklist, Verdict } from './blocklist.js' */
/** @import { Health } from './enforcer.js' */
/** @import { Settings } from './settings.js' */
/** @import { Language, Say } from './texts.js' */
/** @import { Freshness } from './updater.js' */

/** @typedef {{organisation: string, state: string[], list: string[],
 *   here: {verdict: Verdict, text: string} | null, settings: string[], codes: string[]}} Overview */

/** @param {{blocklist: Blocklist | null, freshness: Freshness | undefined, health: Health | undefined,
 *   settings: Settings, fault: string | undefined, address: string | undefined,
 *   permitted: ReadonlySet<string>, now: number, language: Language, say: Say}} kept
 * @returns {Overview}
 */
export function overview(kept) {
  const { blocklist, freshness, health, settings, fault, say } = kept;
  const org = blocklist?.organisation ?? say('notice_unknown_organisation');
  const inForce = !blocklist || health?.state === 'in-force';
  const codes = [freshness?.code, health?.code, fault].filter((code) => typeof code === 'string');
  return {
    organisation: org,
    state: [say(`popup_${freshness?.state ?? 'waiting'}`), ...(inForce ? [] : [say('popup_not_in_force')])],
    list: blocklist ? listLines(blocklist, kept.language, say) : [],
    here: blocklist && here(blocklist, kept),
    settings: settings.values.server && settings.values.pin
      ? settings.problems.map((name) => say('popup_bad_setting', { name }))
      : [say('popup_unset', { org }), ...settings.problems.map((name) => say('popup_bad_setting', { name }))],
    codes: codes.map((code) => say('popup_code', { code })),
  };
}

/** @param {Blocklist} blocklist @param {Language} language @param {Say} say */
function listLines({ published, version }, language, say) {
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short' });
  return [
    say('popup_list', { date: format.format(published) }),
    say('popup_version', { version: String(version) }),
  ];
}

/** @param {Blocklist} blocklist
 * @param {{address: string | undefined, permitted: ReadonlySet<string>, now: number, say: Say}} kept
 * @returns {Overview['here']}
 */
function here(blocklist, { address, permitted, now, say }) {
  if (!address || !/^https?:/.test(address)) return null;
  const url = new URL(address);
  const { verdict, entry } = decide(
    blocklist, hostOf(url), url.pathname, effective(blocklist, now));
  const service = blocklist.services.get(entry?.service ?? '')?.name ?? '';
  const lifted = verdict === 'warn' && permitted.has(entry?.service ?? '');
  return {
    verdict: lifted ? 'allow' : verdict,
    text: say(`popup_here_${lifted ? 'permit' : verdict}`, { service }),
  };
}

/** @param {URL} url */
function hostOf({ host }) {
  try {
    return parseHost(host);
  } catch {
    return null;
  }
}
