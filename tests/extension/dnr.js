// What a browser makes of declarativeNetRequest rules: as much of it as our rules use.

const ACTIONS = ['allow', 'allowAllRequests', 'block', 'upgradeScheme', 'redirect'];

/** The action on a request: the highest priority, then the order of ACTIONS
 * (https://developer.chrome.com/docs/extensions/reference/api/declarativeNetRequest). */
export function applied(rules, url, type) {
  const matching = rules.filter((rule) => matches(rule.condition, url, type));
  const [first] = matching.sort((a, b) => (
    b.priority - a.priority || ACTIONS.indexOf(a.action.type) - ACTIONS.indexOf(b.action.type)));
  return first ? first.action : { type: 'allow' };
}

function matches(condition, url, type) {
  const { requestDomains, regexFilter, urlFilter, resourceTypes, excludedResourceTypes } = condition;
  const { hostname } = new URL(url);
  const typed = resourceTypes ? resourceTypes.includes(type) : !excludedResourceTypes.includes(type);
  const there = requestDomains.some((one) => hostname === one || hostname.endsWith(`.${one}`));
  const flags = condition.isUrlFilterCaseSensitive ? '' : 'i';
  return typed && there && !urlFilter && (!regexFilter || new RegExp(regexFilter, flags).test(url));
}
