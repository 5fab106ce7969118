import { type Query, QueryClient } from "@tanstack/react-query";
import { isTransient, retryDelay } from "latchkey-session";

/** Creates a cache that retries transient failures for as long as it takes, and no others. */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        networkMode: "always", // a response tells more than the browser's opinion of the network
        retry: (_, failure) => isTransient(failure),
        retryDelay: (attempts, failure) => retryDelay(failure, attempts),
      },
    },
  });
}

/** Retries at once whatever has failed or waits for its next attempt. */
export function retryFailed(queries: QueryClient): void {
  const hasFailed = (query: Query) => query.state.fetchFailureCount > 0;
  const waiting = queries.getQueryCache().findAll({ type: "active", predicate: hasFailed });
  for (const query of waiting) void restart(query);
}

/** Restarts what a query was fetching, which may have been the next page of a list. */
async function restart(query: Query): Promise<void> {
  const meta = query.state.fetchMeta ?? {};
  await query.cancel({ revert: true });
  await query.fetch(undefined, { meta }).catch(() => null); // its failure is in its state
}
