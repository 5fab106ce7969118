"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import type { Failure } from "latchkey-session";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useState } from "react";
import { newQueryClient, retryFailed } from "@/api/queries";
import type { Role, User } from "@/api/types";
import { pagesOf } from "@/navigation/pages";
import { restore } from "@/session/session";
import { Brand } from "@/ui/brand";
import { FailureNotice } from "@/ui/failure-notice";
import { RetryingProvider } from "@/ui/retrying";
import { NewCodes } from "./new-codes";
import { Person } from "./person";

type Props = { user: User; failure: Failure | null; children: ReactNode };

/**
 * Surrounds every page of a signed-in person, and owns the cache of what was loaded for them. Each
 * person gets a shell of their own, so the cache disappears with the person.
 */
export function Shell({ user, failure, children }: Props) {
  const [queries] = useState(newQueryClient);

  // requests that failed while the session could not be renewed are sent again
  useEffect(() => {
    if (!failure) retryFailed(queries);
  }, [failure, queries]);

  // only a person may end the pause after a failed renewal
  function retry() {
    if (failure) restore();
    retryFailed(queries);
  }

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
        {failure && <FailureNotice failure={failure} onRetry={retry} />}
        <NewCodes user={user} />
        <RetryingProvider value={retry}>{children}</RetryingProvider>
      </main>
    </QueryClientProvider>
  );
}

function Pages({ role }: { role: Role }) {
  const path = usePathname();
  return (
    <nav aria-label="Pages">
      {pagesOf(role).map(({ href, name }) => (
        <Link key={href} href={href} aria-current={path === href ? "page" : undefined}>
          {name}
        </Link>
      ))}
    </nav>
  );
}
