import { defineConfig } from "@playwright/test";
import { SHELL } from "./e2e/browsers";

/** Each worker has a service of its own, since its tests share accounts and sessions. */
export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  workers: 2, // with three, the Python tests beside these take longer
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  reporter: [["list"]],
  grepInvert: process.env.SCREENSHOTS ? [] : [/@screenshots/],
  use: {
    locale: "en-GB",
    timezoneId: "UTC",
    trace: process.env.TRACE ? "retain-on-failure" : "off", // takes a quarter of the time
    launchOptions: {
      executablePath: SHELL,
      args: [
        "--no-sandbox", // containers run this as root
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
