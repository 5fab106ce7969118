import createClient from "openapi-fetch";
import type { paths } from "@/api/schema";
import { authorizedFetch } from "./authorized-fetch";
import { accessToken } from "./session";

/** Calls on behalf of the signed-in person. */
export const authorized = createClient<paths>({ fetch: authorizedFetch(accessToken) });
