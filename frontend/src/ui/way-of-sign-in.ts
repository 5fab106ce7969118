import type { SignedInSession } from "@/api/types";

const WAYS: Readonly<Record<string, string>> = {
  password: "with the password",
  password_and_code: "with password and code",
  passkey: "with a passkey",
};

/** Tells what a session was begun with; empty if that is not known. */
export const wayOf = ({ signedInWith }: Pick<SignedInSession, "signedInWith">): string =>
  WAYS[signedInWith ?? ""] ?? "";
