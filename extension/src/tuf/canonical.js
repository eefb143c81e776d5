// @ts-check
// Canonical JSON, the bytes that TUF metadata signs (securesystemslib's encode_canonical).

import { RepositoryError } from './errors.js';

/** The canonical text of a parsed JSON value: keys sorted by code point, no space, only `"` and `\`
 * escaped, whole numbers alone. Raises RepositoryError `format`.
 * @param {unknown} value
 * @returns {string}
 */
export function canonical(value) {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'boolean' || value === null) return String(value);
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object') {
    const fields = Object.entries(value).sort(([a], [b]) => byCodePoint(a, b));
    return `{${fields.map(([key, one]) => `${quoted(key)}:${canonical(one)}`).join(',')}}`;
  }
  throw new RepositoryError('format', 'a number that is not whole cannot be signed');
}

/** @param {string} text */
function quoted(text) {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** Python sorts by code point and JavaScript by UTF-16 unit: they differ above U+FFFF.
 * @param {string} a
 * @param {string} b
 */
function byCodePoint(a, b) {
  const [left, right] = [[...a], [...b]];
  for (const [place, one] of left.entries()) {
    const other = right[place];
    if (other === undefined) return 1;
    if (one !== other) return Number(one.codePointAt(0)) - Number(other.codePointAt(0));
  }
  return left.length - right.length;
}
