import { type Failure, HttpProblem } from "latchkey-session";
import type { NewUser } from "@/api/types";
import { explain } from "@/ui/explain";
import { type Faults, rejected } from "@/ui/faults";

/** The role is left out: a choice of two cannot be wrong. */
type TextField = Exclude<keyof NewUser, "role">;

const LABELS: Record<TextField, string> = { name: "Name", email: "Email", password: "Password" };

export const REQUIRED: Record<TextField, string> = {
  name: "Enter a name.",
  email: "Enter an email address.",
  password: "Enter a password.",
};

/** A phone's keyboard adds a blank to an address that it completes. All else is left as typed. */
export function readNewUser(form: FormData): NewUser {
  const text = (name: keyof NewUser) => String(form.get(name) ?? "");
  return {
    email: text("email").trim(),
    password: text("password"),
    name: text("name"),
    role: text("role") === "ADMIN" ? "ADMIN" : "USER",
  };
}

/** Returns what is wrong with which field, as a sentence each. */
export function errorsByField(error: unknown): Faults {
  const found = rejected(error, LABELS);
  if (error instanceof HttpProblem && error.code === "email_taken") {
    found.set("email", explain(error).detail);
  }
  return found;
}

/** Returns what to say about a failure that concerns no single field. */
export function formError(failure: Failure): string {
  const { title, detail } = explain(failure);
  return `${title}. ${detail}`;
}
