import { type Failure, NoAnswer } from "@/api/failure";

const WORDS: Record<string, { title: string; detail: string }> = {
  invalid_credentials: {
    title: "That didn’t work",
    detail: "The email and password don’t belong together. Check both and try again.",
  },
  insufficient_role: {
    title: "For administrators only",
    detail: "Your role doesn’t open this page.",
  },
  email_taken: {
    title: "This address is taken",
    detail: "Another user has this email.",
  },
  origin_not_allowed: {
    title: "The service doesn’t accept this address",
    detail: "Open Latchkey under the address that your administrator gave you.",
  },
};

/** Says in plain words what a failure means to the person who sits there. */
export function explain(failure: Failure): { title: string; detail: string } {
  if (failure instanceof NoAnswer) {
    return { title: "Can’t reach the service", detail: "Check your connection, and try again." };
  }
  if (failure.status === 429) {
    return { title: "Too many attempts", detail: `Try again ${inTime(failure.retryAfter)}.` };
  }
  if ([502, 503, 504].includes(failure.status)) {
    return {
      title: "The service is busy",
      detail: `It asks us to come back ${inTime(failure.retryAfter)}.`,
    };
  }
  return WORDS[failure.code] ?? { title: "Something went wrong", detail: unknown(failure.problem) };
}

/** @param wait In milliseconds; null if the service doesn't say. */
function inTime(wait: number | null): string {
  const seconds = Math.max(1, Math.ceil((wait ?? 1_000) / 1_000));
  const words = new Intl.RelativeTimeFormat("en");
  return seconds < 100
    ? words.format(seconds, "second")
    : words.format(Math.ceil(seconds / 60), "minute");
}

function unknown({ title, requestId }: { title: string; requestId?: string }): string {
  return requestId ? `${title}. Your administrator can look it up as ${requestId}.` : `${title}.`;
}
