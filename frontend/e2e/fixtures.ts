import { type BrowserContext, test as base, expect } from "@playwright/test";
import { People } from "./person";
import { Service } from "./service";

/** What the browser reported: console errors and warnings, blocked loads, uncaught exceptions. */
export class Complaints {
  private readonly heard: string[] = [];
  private readonly expected: RegExp[] = [
    /401.* \S+\/api\/auth\/refresh$/, // of a visitor without a session; the browser always reports it
  ];

  listenTo(context: BrowserContext): void {
    context.on("weberror", (event) => this.heard.push(String(event.error())));
    context.on("console", (message) => {
      if (!["error", "warning"].includes(message.type())) return;
      this.heard.push(`${message.text()} ${message.location().url}`);
    });
  }

  /** Permits what a test provokes on purpose. */
  expect(...patterns: RegExp[]): void {
    this.expected.push(...patterns);
  }

  get unexpected(): string[] {
    return this.heard.filter((line) => !this.expected.some((pattern) => pattern.test(line)));
  }
}

type PerTest = { complaints: Complaints };
type PerWorker = {
  /** Settings that differ from those of other tests. */
  settings: Readonly<Record<string, string>>;
  service: Service;
  people: People;
};

export const test = base.extend<PerTest, PerWorker>({
  settings: [{}, { option: true, scope: "worker" }],
  service: [
    async ({ settings }, use) => {
      const service = await Service.create(undefined, settings);
      await use(service);
      await service.destroy();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  people: [
    async ({ service }, use) => use(await People.demo(service)),
    { scope: "worker", timeout: 60_000 },
  ],
  baseURL: async ({ service }, use) => use(service.url),
  complaints: [
    async ({ context }, use) => {
      const complaints = new Complaints();
      complaints.listenTo(context);
      await use(complaints);
      expect(complaints.unexpected).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
