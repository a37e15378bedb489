// The accessibility rules, held against a page as it is now.

import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

export const THEMES = ["light", "dark"] as const;

/** The same in both themes: the page follows its device, and a call need not be made again for the other one. */
export async function axeInBothThemes(page: Page, state: string): Promise<void> {
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme });
    await axe(page, `${state}, ${colorScheme}`);
  }
}

export async function axe(page: Page, state: string): Promise<void> {
  // Colours in the middle of a transition are nobody's colours.
  await page.evaluate(() => Promise.all(document.getAnimations().filter((each) => each.effect?.getTiming().iterations !== Infinity).map((each) => each.finished.catch(() => undefined))));
  const { violations, passes } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
  const found = violations.map((each) => `${state}: ${each.id}: ${each.nodes.map((node) => `${node.target.join(" ")} ${node.failureSummary ?? ""}`).join("; ")}`);
  expect(passes.length, "rules that apply to the page").toBeGreaterThan(10);
  expect(found).toEqual([]);
}
