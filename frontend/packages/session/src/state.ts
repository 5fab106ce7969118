import type { Failure, HttpProblem } from "./failure.ts";
import type { User } from "./service.ts";

/**
 * Who is signed in, as far as is known.
 *
 * `failure` is why the last renewal failed; it is retried. The session continues meanwhile: an
 * unreachable service doesn't sign anybody out. `ending` is why the session ended; null if it ended
 * by a sign-out in this tab, or if there was none. A page is in the phase `starting` until its
 * scripts have called `start`.
 */
export type State =
  | { phase: "starting" }
  | { phase: "restoring"; failure: Failure | null }
  | { phase: "signedIn"; user: User; failure: Failure | null }
  | { phase: "signedOut"; ending: Ending | null };

/** `isKnown`: another tab saw the session end before this one did. */
export type Ending = { problem: HttpProblem; isKnown: boolean };
