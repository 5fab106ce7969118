import { expect } from "./fixtures";
import type { Service } from "./service";

type Mail = { subject: string; text: string };

/** Waits for a mail to an address, and returns the text of the newest with this subject. */
export async function mailTo(service: Service, email: string, subject: string): Promise<string> {
  const address = `${service.url}/mailbox?to=${encodeURIComponent(email)}`;
  let mail: Mail | undefined;
  await expect(async () => {
    const { items } = (await (await fetch(address)).json()) as { items: Mail[] };
    mail = items.find((each) => each.subject === subject);
    expect(mail).toBeDefined();
  }).toPass({ timeout: 15_000 });
  return String(mail?.text);
}

/** Returns the address of the page that a mail leads to. */
export const linkIn = (text: string): string =>
  String(text.split("\n").find((line) => line.includes("/link/?t=")));
