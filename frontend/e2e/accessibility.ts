import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { expect, type Locator, type Page } from "@playwright/test";

/** What every page has to fit, with each of the schemes. */
export const WINDOWS = [
  ["desk", { width: 1100, height: 800 }],
  ["phone", { width: 360, height: 740 }],
  ["desk at 400 %", { width: 320, height: 256 }], // WCAG 2.2, 1.4.10
] as const;
export const SCHEMES = ["light", "dark"] as const;

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core"), "utf8");

/** Returns the accessibility violations that axe finds on a page. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations: found, passes } = await Reflect.get(window, "axe").run();
    if (passes.length < 10) throw new Error("axe has checked next to nothing");
    return found.map(({ id, nodes }: { id: string; nodes: { html: string }[] }) =>
      [id, ...nodes.map((node) => node.html)].join("\n"),
    );
  });
}

/** Checks that a page is accessible and fits its window. */
export async function expectGood(page: Page): Promise<void> {
  expect(await violations(page)).toEqual([]);
  expect(await overflow(page.locator("html"))).toBe(0);
}

/** Returns how many pixels the content of an element is wider than the element. */
export const overflow = (element: Locator) =>
  element.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
