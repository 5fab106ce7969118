import type { QueuedMail } from "@/api/types";
import { day, time } from "@/ui/instant";

type State = Pick<QueuedMail, "attempts" | "failure" | "nextAttemptAt">;

/** Returns what a kind of mail is called, such as "Password changed". */
export function mailKind(kind: string): string {
  const words = kind.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Tells what has become of a mail, and when it is tried again. */
export function mailState({ attempts, failure, nextAttemptAt }: State): string {
  if (failure) return `Given up: ${failure}`;
  if (attempts === 0 || !nextAttemptAt) return "About to be sent";
  return `Tried ${attempts === 1 ? "once" : `${attempts} times`}, again ${day(nextAttemptAt)} ${time(nextAttemptAt)}`;
}
