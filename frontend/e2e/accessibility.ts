import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { expect, type Locator, type Page } from "@playwright/test";

/** What every page has to fit. */
export const WINDOWS = [
  ["desk", { width: 1100, height: 800 }],
  ["phone", { width: 360, height: 740 }],
  ["desk at 400 %", { width: 320, height: 256 }], // WCAG 2.2, 1.4.10
] as const;

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core"), "utf8");

/** The rules of axe whose outcome depends on colours. */
const COLOURS = ["color-contrast", "link-in-text-block"];

/** Returns the accessibility violations that axe finds on a page, by some rules or all of its own. */
async function violations(page: Page, rules?: string[]): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  return page.evaluate(async (only) => {
    const fading = document.getAnimations().filter((each) => each instanceof CSSTransition);
    await Promise.allSettled(fading.map(({ finished }) => finished)); // a contrast halfway is none
    const options = { resultTypes: ["violations"], ...(only && { runOnly: only }) };
    const { violations: found, passes } = await Reflect.get(window, "axe").run(options);
    if (passes.length < (only ? 1 : 10)) throw new Error("axe has checked next to nothing");
    return found.map(({ id, nodes }: { id: string; nodes: { html: string }[] }) =>
      [id, ...nodes.map((node) => node.html)].join("\n"),
    );
  }, rules);
}

/** Checks that a page is accessible in light and dark, which differ in colours only, and fits. */
export async function expectGood(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await violations(page, COLOURS), "in dark").toEqual([]);
  await page.emulateMedia({ colorScheme: "light" });
  expect(await violations(page), "in light").toEqual([]);
  expect(await overflow(page.locator("html"))).toBe(0);
}

/** Returns how many pixels the content of an element is wider than the element. */
export const overflow = (element: Locator) =>
  element.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
