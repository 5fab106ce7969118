import createClient from "openapi-fetch";
import type { paths } from "./schema";

/** Calls that need no access token: sign in, refresh, sign out. */
export const anonymous = createClient<paths>();

export type Client = typeof anonymous;
