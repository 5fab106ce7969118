/** The token of the link that opened this page, in this variable and nowhere else. */
let taken: string | null = null;

/**
 * Takes the token out of the page's address, so that it stays in no history and no bookmark.
 *
 * @returns The token; the same again if it was taken before; "" if there was none.
 */
export function takeToken(): string {
  const found = new URLSearchParams(location.search).get("t");
  if (found !== null) {
    taken = found;
    history.replaceState(history.state, "", location.pathname);
  }
  return taken ?? "";
}
