import { renewalDelay } from "./renewal.ts";
import type { AccessToken } from "./service.ts";

/** An access token, and when to renew it. Times are in milliseconds. */
export class HeldToken {
  readonly #value: string;
  readonly #issuedAt = Date.now();
  readonly #renewAfter: number;

  constructor({ accessToken, expiresIn }: AccessToken) {
    this.#value = accessToken;
    this.#renewAfter = renewalDelay(expiresIn);
  }

  get value(): string {
    return this.#value;
  }

  /** Returns when the token has to be renewed; 0 or less if that is now. */
  dueIn(): number {
    const age = Date.now() - this.#issuedAt;
    return age < 0 ? 0 : this.#renewAfter - age; // a clock that was set back doesn't tell the age
  }
}
