import type { Role } from "@/api/types";

type Page = { href: string; name: string; role?: Role };

/** The pages of signed-in people, and the role that each one needs. */
export const PAGES: readonly Page[] = [
  { href: "/orders/", name: "Orders" },
  { href: "/users/", name: "Users", role: "ADMIN" },
  { href: "/account/", name: "Account" },
];

export const HOME = "/orders/";
export const SIGN_IN = "/sign-in/";

/** Returns the pages that a role opens. */
export const pagesOf = (role: Role): readonly Page[] =>
  PAGES.filter((page) => !page.role || page.role === role);

/** Returns the address of the sign-in page that leads back to a path. */
export const signInFor = (path: string): string => `${SIGN_IN}?next=${encodeURIComponent(path)}`;

/**
 * Returns the page to open after signing in.
 *
 * Only our own pages are possible, so that a link cannot send people to another site.
 *
 * @param search The query of the sign-in page's address, such as `?next=%2Fusers%2F`.
 */
export function pageAfterSignIn(search: string): string {
  const next = new URLSearchParams(search).get("next");
  return PAGES.find(({ href }) => href === next)?.href ?? HOME;
}
