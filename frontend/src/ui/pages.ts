import type { Role } from "@/api/types";

type Page = { href: string; name: string; role?: Role };

/** The pages of signed-in people, and which role each needs. */
export const PAGES: readonly Page[] = [
  { href: "/orders/", name: "Orders" },
  { href: "/users/", name: "Users", role: "ADMIN" },
];

export const HOME = "/orders/";
export const SIGN_IN = "/sign-in/";

/** Where to sign in, for somebody who wanted to see a page. */
export const signInFor = (path: string): string => `${SIGN_IN}?next=${encodeURIComponent(path)}`;

/** Where somebody goes who has signed in: to a page of ours, whatever the address bar says. */
export function wanted(search: string): string {
  const next = new URLSearchParams(search).get("next");
  return PAGES.find(({ href }) => href === next)?.href ?? HOME;
}
