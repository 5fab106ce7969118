import createClient from "openapi-fetch";
import { authorizedFetch } from "@/session/authorized-fetch";
import type { paths } from "./schema";

/** Calls on behalf of whoever is signed in. */
export const api = createClient<paths>({ fetch: authorizedFetch });
