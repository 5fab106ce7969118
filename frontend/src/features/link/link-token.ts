import type { LinkKind } from "@/api/types";

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

const KINDS: Record<number, LinkKind> = {
  1: "password_reset",
  2: "registration",
  3: "invitation",
  4: "email_change",
};

/**
 * Returns what a link was for, also if it no longer works. Its third byte says so (docs/flow.md,
 * LK1); only the service can tell whether the token is genuine.
 */
export function kindIn(token: string): LinkKind | null {
  try {
    return (
      KINDS[atob(token.slice(0, 4).replaceAll("-", "+").replaceAll("_", "/")).charCodeAt(2)] ?? null
    );
  } catch {
    return null;
  }
}
