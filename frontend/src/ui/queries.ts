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
export async function askAgain(queries: QueryClient): Promise<void> {
  const hasFailed = (query: Query) => query.state.fetchFailureCount > 0;
  const waiting = queries.getQueryCache().findAll({ type: "active", predicate: hasFailed });
  const predicate = (query: Query) => waiting.includes(query);
  await queries.cancelQueries({ predicate });
  await queries.refetchQueries({ predicate });
}
