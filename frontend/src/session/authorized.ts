import createClient from "openapi-fetch";
import type { paths } from "@/api/schema";
import { session } from "./session";

/** Calls on behalf of the signed-in person. */
export const authorized = createClient<paths>({ fetch: (request) => session.fetch(request) });
