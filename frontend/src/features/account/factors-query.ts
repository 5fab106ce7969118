import { queryOptions } from "@tanstack/react-query";
import { isFactors } from "@/api/bodies";
import { ask } from "@/api/failure";
import { authorized } from "@/session/authorized";

/** What the signed-in person signs in with besides the password. */
export const factorsQuery = queryOptions({
  queryKey: ["factors"],
  queryFn: ({ signal }) => ask(authorized.GET("/api/auth/factors", { signal }), isFactors),
});
