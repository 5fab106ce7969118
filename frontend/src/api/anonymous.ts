import createClient from "openapi-fetch";
import type { paths } from "./schema";

/** Calls that need no access token. */
export const anonymous = createClient<paths>();
