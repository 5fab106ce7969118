import { defineConfig } from "@playwright/test";

/**
 * Unit tests, beside what they test. They use no browser: this runner is here already for the
 * browser tests, and reads TypeScript and the paths of tsconfig.json.
 */
export default defineConfig({
  testDir: ".",
  testMatch: ["src/**/*.test.ts", "packages/**/*.test.ts"],
  forbidOnly: true,
  reporter: [["dot"]],
});
