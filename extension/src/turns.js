// @ts-check
// One after another: two events interleave at each await, and who reads, changes and writes
// the same thing must not.

/** Make a queue: what it is given is done when all that it was given before is done.
 * @returns {<T>(work: () => Promise<T>) => Promise<T>}
 */
export function turns() {
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => {}); // its own caller hears of it; the next one goes on
    return done;
  };
}
