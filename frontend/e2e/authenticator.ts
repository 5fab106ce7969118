import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "@playwright/test";
import { credentials, type Person } from "./person";
import type { Service } from "./service";

const STEP = 30_000; // milliseconds
const HASTE = 10_000; // milliseconds, within which a code is sent
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Returns the code of a step (RFC 6238, with SHA-1 and 6 digits). */
export function totp(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", secret).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  const number = (mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000;
  return String(number).padStart(6, "0");
}

/** Decodes base32 (RFC 4648); blanks are ignored. */
export function base32(text: string): Buffer {
  const digits = [...text.replaceAll(/\s/g, "")].map((letter) => LETTERS.indexOf(letter));
  if (digits.includes(-1)) throw new Error(`not base32: ${text}`);
  const bits = digits.map((digit) => digit.toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** An authenticator app, which never shows one code twice. */
export class Authenticator {
  private readonly secret: Buffer;
  private used = 0;

  /** @param secret As the service shows it. */
  constructor(secret: string) {
    this.secret = base32(secret);
  }

  /**
   * Returns a code that is good now, later than those before it. Of the three that are good, it
   * begins with the oldest, so that there is seldom a wait.
   */
  async code(): Promise<string> {
    const current = Math.floor(Date.now() / STEP);
    const isOldOneSafe = (current + 1) * STEP - Date.now() > HASTE;
    const step = Math.max(this.used + 1, isOldOneSafe ? current - 1 : current);
    const isGoodIn = (step - 1) * STEP - Date.now();
    if (isGoodIn > 0) await sleep(isGoodIn + 200);
    this.used = step;
    return totp(this.secret, step);
  }

  /** Returns 6 digits that are not a good code, nor will be soon. */
  wrongCode(): string {
    const current = Math.floor(Date.now() / STEP);
    const good = [-2, -1, 0, 1, 2, 3].map((ahead) => totp(this.secret, current + ahead));
    const wrong = ["000000", "000001", "000002", "000003", "000004", "000005", "000006"];
    return wrong.find((code) => !good.includes(code)) ?? "";
  }
}

/** A person with a second factor. */
export type Enrolled = Person & { app: Authenticator; codes: string[] };

/** Gives a person a second factor, over HTTP. */
export async function enrol(service: Service, person: Person): Promise<Enrolled> {
  const api = await request.newContext({ baseURL: service.url });
  const login = await api.post("/api/auth/login", { data: credentials(person) });
  const headers = { Authorization: `Bearer ${(await login.json()).accessToken}` };
  const { id, secret } = await (await api.post("/api/auth/factors/totp", { headers })).json();
  const app = new Authenticator(secret);
  const confirmed = await api.post("/api/auth/factors/totp/confirm", {
    data: { id, code: await app.code() },
    headers,
  });
  if (!confirmed.ok()) throw new Error(await confirmed.text());
  const { recoveryCodes } = await confirmed.json();
  await api.post("/api/auth/logout");
  await api.dispose();
  return { ...person, app, codes: recoveryCodes };
}
