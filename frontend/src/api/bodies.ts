/** Whether the bodies of successful responses have what the pages rely on. */

type Members = Record<string, unknown>;

const isObject = (body: unknown): body is Members => typeof body === "object" && body !== null;

const hasTexts = (body: unknown, ...names: string[]): body is Members =>
  isObject(body) && names.every((name) => typeof body[name] === "string");

export const isUser = (body: unknown): boolean => hasTexts(body, "id", "email", "name", "role");

export const isAccount = (body: unknown): boolean =>
  hasTexts(body, "id", "email") &&
  (body.pendingEmail === null || typeof body.pendingEmail === "string");

export const isReadableLink = (body: unknown): boolean => hasTexts(body, "kind", "email");

export const isFeatures = (body: unknown): boolean => hasTexts(body, "registration");

export const isInvitation = (body: unknown): boolean =>
  hasTexts(body, "id", "email", "role", "expiresAt");

export const isManagedUser = (body: unknown): boolean =>
  isUser(body) &&
  hasTexts(body, "status") &&
  Array.isArray((body as { secondFactors?: unknown }).secondFactors);

export const isEvent = (body: unknown): boolean =>
  hasTexts(body, "id", "at", "action") && isObject(body.detail);

export const isQueuedMail = (body: unknown): boolean =>
  hasTexts(body, "id", "kind", "to") && Number.isInteger(body.attempts);

export const isMessage = (body: unknown): boolean => hasTexts(body, "message");

/** @param isItem What each item of the page has to be. */
export const isPageOf =
  (isItem: (item: unknown) => boolean) =>
  (body: unknown): boolean =>
    isObject(body) && Array.isArray(body.items) && body.items.every(isItem);

export const isOrder = (body: unknown): boolean =>
  hasTexts(body, "id", "status", "currency", "createdAt") && Number.isFinite(body.totalCents);

export const isSession = (body: unknown): boolean =>
  hasTexts(body, "id", "startedAt", "lastSeenAt") && typeof body.current === "boolean";

export const isFactors = (body: unknown): boolean =>
  isObject(body) &&
  Number.isInteger(body.recoveryCodesLeft) &&
  Array.isArray(body.items) &&
  body.items.every((item) => hasTexts(item, "id", "kind", "createdAt", "lastUsedAt")) &&
  (body.acceptedPasskeys == null || isAcceptedPasskeys(body.acceptedPasskeys)) &&
  (body.rememberedDevices == null || areDevices(body.rememberedDevices));

/** A service of the previous release has none. */
const areDevices = (devices: unknown): boolean =>
  Array.isArray(devices) && devices.every((each) => hasTexts(each, "id", "createdAt", "expiresAt"));

/** What the browser is told has to be whole: it deletes the passkeys that are not in it. */
const isAcceptedPasskeys = (body: unknown): boolean =>
  hasTexts(body, "rpId", "userId") &&
  Array.isArray(body.allAcceptedCredentialIds) &&
  body.allAcceptedCredentialIds.every((id) => typeof id === "string");

const isOptions = (publicKey: unknown): publicKey is Members => hasTexts(publicKey, "challenge");

export const isRequest = (body: unknown): boolean =>
  isObject(body) && isOptions(body.publicKey) && hasTexts(body.publicKey, "rpId");

export const isCreation = (body: unknown): boolean =>
  isObject(body) &&
  isOptions(body.publicKey) &&
  hasTexts(body.publicKey.rp, "id") &&
  hasTexts(body.publicKey.user, "id", "name");

export const isNewApp = (body: unknown): boolean => hasTexts(body, "id", "secret", "uri");

export const isForgotten = (body: unknown): boolean =>
  isObject(body) && Number.isInteger(body.forgotten);

export const isEnded = (body: unknown): boolean => isObject(body) && Number.isInteger(body.ended);
