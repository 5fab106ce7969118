import createClient from "openapi-fetch";
import type { paths } from "./schema";

/** Calls that need no access token: signing in, refreshing, signing out. */
export const anonymous = createClient<paths>();
