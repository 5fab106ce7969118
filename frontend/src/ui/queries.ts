import { type Query, QueryClient } from "@tanstack/react-query";
import { isPassing, pause } from "@/api/failure";

/** What passes by itself is asked for as long as it takes; a refusal is shown at once. */
export function newQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        networkMode: "always", // an answer tells more than what the browser thinks of the network
        retry: (_, failure) => isPassing(failure),
        retryDelay: (attempt, failure) => pause(failure, attempt),
      },
    },
  });
}

/** Asks again for what failed or waits for its next try, now. */
export function askAgain(queries: QueryClient): void {
  const hasFailed = (query: Query) => query.state.fetchFailureCount > 0;
  const waiting = queries.getQueryCache().findAll({ type: "active", predicate: hasFailed });
  for (const query of waiting) void resume(query);
}

/** Starts anew what a query was about, which may have been the next page of a list. */
async function resume(query: Query): Promise<void> {
  const meta = query.state.fetchMeta ?? {};
  await query.cancel({ revert: true });
  await query.fetch(undefined, { meta }).catch(() => null); // its failure is in its state
}
