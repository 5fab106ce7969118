import type { CDPSession, Page } from "@playwright/test";

/** A passkey as the browser's developer tools show it. */
export type Kept = Awaited<ReturnType<Device["passkeys"]>>[number];

/** Where a device is: in the computer, or plugged in. */
type Transport = "internal" | "usb";

/** Whether its new passkeys can be copied to other devices, and have been. */
type Backups = { defaultBackupEligibility: boolean; defaultBackupState: boolean };

const NO_BACKUPS: Backups = { defaultBackupEligibility: false, defaultBackupState: false };

/** A device that keeps passkeys for one page, and checks that it is used by its owner. */
export class Device {
  private constructor(
    private readonly devtools: CDPSession,
    private readonly authenticatorId: string,
  ) {}

  /** Connects a device to a page. Its owner touches it as soon as the page asks for that. */
  static async of(
    page: Page,
    transport: Transport = "internal",
    backups: Backups = NO_BACKUPS,
  ): Promise<Device> {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("WebAuthn.enable", { enableUI: false });
    const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport,
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
        ...backups,
      },
    });
    return new Device(devtools, authenticatorId);
  }

  async passkeys() {
    const { devtools, authenticatorId } = this;
    return (await devtools.send("WebAuthn.getCredentials", { authenticatorId })).credentials;
  }

  /** Sets whether the device can tell that it is used by its owner. */
  async recognisesOwner(isUserVerified: boolean): Promise<void> {
    const { devtools, authenticatorId } = this;
    await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });
  }

  /** Sets whether the owner touches the device whenever a page asks for that from now on. */
  async isTouched(enabled: boolean): Promise<void> {
    const { devtools, authenticatorId } = this;
    await devtools.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled });
  }

  /** Sets whether the device says that its passkeys can be copied to other devices. */
  async claimsToSync(
    backupEligibility: boolean,
    backupState: boolean = backupEligibility,
  ): Promise<void> {
    const { devtools, authenticatorId } = this;
    for (const { credentialId } of await this.passkeys()) {
      await devtools.send("WebAuthn.setCredentialProperties", {
        authenticatorId,
        credentialId,
        backupEligibility,
        backupState,
      });
    }
  }

  /** Takes all passkeys out of the device, and returns them. */
  async empty(): Promise<Kept[]> {
    const { devtools, authenticatorId } = this;
    const all = await this.passkeys();
    await devtools.send("WebAuthn.clearCredentials", { authenticatorId });
    return all;
  }

  async put(credentials: readonly Kept[]): Promise<void> {
    const { devtools, authenticatorId } = this;
    for (const credential of credentials) {
      await devtools.send("WebAuthn.addCredential", { authenticatorId, credential });
    }
  }
}

/** Lets a page count how often it has asked the browser for a passkey. */
export async function countQuestions(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const credentials = navigator.credentials;
    const get = credentials.get.bind(credentials);
    Reflect.set(window, "questions", 0);
    credentials.get = (options) => {
      const answer = get(options);
      Reflect.set(window, "questions", Reflect.get(window, "questions") + 1);
      return answer;
    };
  });
}

/** Returns how often a page has asked since the last call. */
export const newQuestions = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const count = Reflect.get(window, "questions");
    Reflect.set(window, "questions", 0);
    return count;
  });

/** Adds a passkey on the page Account, and waits until it is there. */
export async function addPasskey(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: /^Add (a|another) passkey$/ }).click();
  const dialog = page.getByRole("dialog", { name: "Add a passkey" });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Create the passkey" }).click();
  await page.getByRole("rowheader", { name }).waitFor();
}
