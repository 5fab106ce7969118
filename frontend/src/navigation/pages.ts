import type { Role } from "@/api/types";

type Page = { href: string; name: string; role?: Role };

/** The pages of signed-in people, and the role that each one needs. */
export const PAGES: readonly Page[] = [
  { href: "/orders/", name: "Orders" },
  { href: "/users/", name: "Users", role: "ADMIN" },
  { href: "/audit/", name: "Audit log", role: "ADMIN" },
  { href: "/mails/", name: "Mails", role: "ADMIN" },
  { href: "/account/", name: "Account" },
];

export const HOME = "/orders/";

/** Returns the pages that a role opens. */
export const pagesOf = (role: Role): readonly Page[] =>
  PAGES.filter((page) => !page.role || page.role === role);
