import type { paths } from "./schema";

/** Bodies by operation rather than by schema name, so that the service may rename its schemas. */
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

type Unauthorized<Operation> = Operation extends {
  responses: { 401: { content: { "application/problem+json": infer Body } } };
}
  ? Body
  : never;

export type Features = Json<paths["/api/auth/features"]["get"]>;
export type LinkKind = Json<paths["/api/auth/links/read"]["post"]>["kind"];
export type Invitation = Body<paths["/api/admin/invitations"]["post"]>;
export type AccessToken = Json<paths["/api/auth/refresh"]["post"]>;
export type User = Json<paths["/api/auth/me"]["get"]>;
export type Role = User["role"];
export type Order = Json<paths["/api/orders"]["get"]>["items"][number];
export type OrderStatus = Order["status"];
export type SignedInSession = Json<paths["/api/auth/sessions"]["get"]>["items"][number];
export type SessionsToEnd = Body<paths["/api/auth/sessions/end"]["post"]>;
export type Credentials = Body<paths["/api/auth/login"]["post"]>;
export type SecondFactor = Body<paths["/api/auth/login/second-factor"]["post"]>["factor"];
export type PasswordChange = Body<paths["/api/auth/password"]["post"]>;
export type NewUser = Body<paths["/api/admin/users"]["post"]>;

/** Every operation has the same body for its problems. */
export type ProblemBody = Unauthorized<paths["/api/auth/refresh"]["post"]>;
export type ProblemCode = ProblemBody["code"];
export type LinkEnd = "expired" | "superseded" | "used" | "withdrawn";
export type EndReason = Exclude<NonNullable<ProblemBody["reason"]>, LinkEnd> | "expired";
export type FieldError = NonNullable<ProblemBody["errors"]>[number];
