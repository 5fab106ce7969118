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
export type OpenInvitation = Json<paths["/api/admin/invitations"]["get"]>["items"][number];
export type ManagedUser = Json<paths["/api/admin/users/{user}"]["get"]>;
export type UserChange = Body<paths["/api/admin/users/{user}"]["post"]>;
export type AuditEvent = Json<paths["/api/admin/audit"]["get"]>["items"][number];
export type AuditAction = AuditEvent["action"];
export type QueuedMail = Json<paths["/api/admin/mails"]["get"]>["items"][number];
export type MailStatus = "waiting" | "failed";
export type AccessToken = Json<paths["/api/auth/refresh"]["post"]>;
export type User = Json<paths["/api/auth/me"]["get"]>;
export type Role = User["role"];
export type Order = Json<paths["/api/orders"]["get"]>["items"][number];
export type OrderStatus = Order["status"];
export type SignedInSession = Json<paths["/api/auth/sessions"]["get"]>["items"][number];
export type SessionsToEnd = Body<paths["/api/auth/sessions/end"]["post"]>;
export type Credentials = Pick<Body<paths["/api/auth/login"]["post"]>, "email" | "password">;
type Created<Operation> = Operation extends {
  responses: { 201: { content: { "application/json": infer Body } } };
}
  ? Body
  : never;

export type Factors = Json<paths["/api/auth/factors"]["get"]>;
export type Factor = Factors["items"][number];
export type RememberedDevice = Factors["rememberedDevices"][number];
export type DevicesToForget = Body<paths["/api/auth/factors/remembered-devices/forget"]["post"]>;
export type NewApp = Created<paths["/api/auth/factors/totp"]["post"]>;
export type SecondFactor = Body<paths["/api/auth/login/second-factor"]["post"]>["factor"];
export type PasswordChange = Body<paths["/api/auth/password"]["post"]>;
export type Account = Json<paths["/api/auth/account"]["get"]>;
export type EmailChange = Body<paths["/api/auth/email-changes"]["post"]>;
export type AccountDeletion = Body<paths["/api/auth/account/delete"]["post"]>;
export type NewUser = Body<paths["/api/admin/users"]["post"]>;

/** Every operation has the same body for its problems. */
export type ProblemBody = Unauthorized<paths["/api/auth/refresh"]["post"]>;
export type ProblemCode = ProblemBody["code"];
export type LinkEnd = "expired" | "superseded" | "used" | "withdrawn";
export type EndReason = Exclude<NonNullable<ProblemBody["reason"]>, LinkEnd> | "expired";
export type FieldError = NonNullable<ProblemBody["errors"]>[number];
