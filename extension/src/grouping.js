// @ts-check
// Grouping by a key, as Map.groupBy does: that came to Node after the versions that test this code.

/** @template T
 * @param {Iterable<T>} all
 * @param {(one: T) => string} key
 * @returns {Map<string, T[]>} in the order of each key's first
 */
export function groupBy(all, key) {
  /** @type {Map<string, T[]>} */
  const groups = new Map();
  for (const one of all) {
    const group = groups.get(key(one));
    if (group) group.push(one);
    else groups.set(key(one), [one]);
  }
  return groups;
}
