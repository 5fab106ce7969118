import type { paths } from "./schema";

/** What the service answers, taken from its OpenAPI document by operation, not by schema name. */
type Json<Operation> = Operation extends {
  responses: { 200: { content: { "application/json": infer Body } } };
}
  ? Body
  : never;

type Body<Operation> = Operation extends {
  requestBody: { content: { "application/json": infer Body } };
}
  ? Body
  : never;

export type AccessToken = Json<paths["/api/auth/refresh"]["post"]>;
export type User = Json<paths["/api/auth/me"]["get"]>;
export type Role = User["role"];
export type Order = Json<paths["/api/orders"]["get"]>["items"][number];
export type Credentials = Body<paths["/api/auth/login"]["post"]>;
export type NewUser = Body<paths["/api/admin/users"]["post"]>;
