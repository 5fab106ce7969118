/**
 * Starts a countdown, and returns a function that tells how much of it is left.
 *
 * @param delay In milliseconds, like what is left; nothing is left at 0 or less.
 */
export function countdown(delay: number): () => number {
  const start = Date.now();
  return () => {
    const passed = Date.now() - start;
    return passed < 0 ? 0 : delay - passed; // a clock that was set back doesn't tell what is left
  };
}
