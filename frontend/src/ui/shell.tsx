"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useState } from "react";
import type { Failure } from "@/api/failure";
import type { Role, User } from "@/api/types";
import { restore } from "@/session/session";
import { Brand } from "./brand";
import { PAGES } from "./pages";
import { Person } from "./person";
import { askAgain, newQueries } from "./queries";
import { Trouble } from "./trouble";

type Props = { user: User; failure: Failure | null; children: ReactNode };

/**
 * What surrounds every page of a signed-in person. Everything that was loaded for them is kept in
 * here, and is gone with it: the session gives each person a shell of their own.
 */
export function Shell({ user, failure, children }: Props) {
  const [queries] = useState(newQueries);

  // what had to wait for the session goes on with it
  useEffect(() => {
    if (!failure) askAgain(queries);
  }, [failure, queries]);

  return (
    <QueryClientProvider client={queries}>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="top">
        <div className="bar">
          <Brand />
          <Pages role={user.role} />
          <Person user={user} />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {failure && <Trouble failure={failure} onRetry={restore} />}
        {children}
      </main>
    </QueryClientProvider>
  );
}

function Pages({ role }: { role: Role }) {
  const path = usePathname();
  return (
    <nav aria-label="Pages">
      {PAGES.filter((page) => !page.role || page.role === role).map(({ href, name }) => (
        <Link key={href} href={href} aria-current={path === href ? "page" : undefined}>
          {name}
        </Link>
      ))}
    </nav>
  );
}
