// @ts-check
// Text to a host name the way browsers read it: the twin of blocklists/hosts.py.
//
// The browser's own URL parser maps by UTS 46; what DNS adds (no empty label, at most 63 characters
// a label and 253 in all) is checked here. Normal form: A-labels, lower case, no dot at the end.

const MOST = { name: 253, label: 63 };

/** A text that is no host name. */
export class BadHost extends Error {
  /** @param {string} text @param {string} reason */
  constructor(text, reason) {
    super(`${JSON.stringify(text.slice(0, 80))} is not a host name: ${reason}`);
    this.name = 'BadHost';
  }
}

/** A host in normal form, or null for an IP address, which no entry names. A port is taken off.
 * @param {string} text
 * @returns {string | null}
 */
export function parseHost(text) {
  // eslint-disable-next-line no-control-regex -- these are what must not stand in a name
  if (/[\x00-\x20\x7f#/<>?@\\^|]/.test(text)) throw new BadHost(text, 'a character that none has');
  const hostname = mapped(text);
  if (hostname.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(hostname)) return null;
  const host = hostname.replace(/\.$/, '');
  if (host.length > MOST.name) throw new BadHost(text, `longer than ${MOST.name} characters`);
  for (const label of host.split('.')) {
    if (!label || label.length > MOST.label) {
      throw new BadHost(text, `a label of ${label.length} characters`);
    }
  }
  return host;
}

/** The host itself, then each name above it.
 * @param {string} host
 * @returns {string[]}
 */
export function parents(host) {
  const labels = host.split('.');
  return labels.map((_, start) => labels.slice(start).join('.'));
}

/** @param {string} text @returns {string} */
function mapped(text) {
  try {
    return new URL(`http://${text}`).hostname;
  } catch {
    throw new BadHost(text, 'no browser reads it as one');
  }
}
