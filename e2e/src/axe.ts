// The accessibility rules, held against a page as it is now.

import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

export const THEMES = ["light", "dark"] as const;

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** All rules in the theme of now, and those of colours in the other: the page follows its device, and nothing else of it changes. */
export async function axeInBothThemes(page: Page, state: string): Promise<void> {
  await axe(page, state);
  await picture(page, state);
  const now = await page.evaluate(() => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
  const other = now === "dark" ? "light" : "dark";
  await page.emulateMedia({ colorScheme: other });
  await settled(page);
  await demand(builder(page).withRules(["color-contrast"]), `${state}, ${other}`, 1);
  await picture(page, state);
  await page.emulateMedia({ colorScheme: now });
}

export async function axe(page: Page, state: string): Promise<void> {
  await settled(page);
  await demand(builder(page).withTags(RULES), state, 10);
}

/** Colours in the middle of a transition are nobody's colours: each is brought to its end, which a busy machine may draw late. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const each of document.getAnimations()) {
      if (each.effect?.getComputedTiming().endTime !== Infinity) each.finish();
    }
  });
}

/** What a person sees of it, in the folder that E2E_PICTURES names: for whoever looks through all states after a change. */
async function picture(page: Page, state: string): Promise<void> {
  const folder = process.env["E2E_PICTURES"];
  if (folder === undefined) return;
  const look = await page.evaluate(() => `${document.documentElement.lang}-${matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"}-${innerWidth}`);
  await page.screenshot({ path: `${folder}/${state.replaceAll(/[^\p{L}\p{N}]+/gu, "-")}-${look}.png`, fullPage: true });
}

/** For pages without frames of other origins: those would need a second page to put results together, and ours have none. */
const builder = (page: Page): AxeBuilder => new AxeBuilder({ page }).setLegacyMode(true);

async function demand(rules: AxeBuilder, state: string, applyingMin: number): Promise<void> {
  const { violations, passes } = await rules.analyze();
  const found = violations.map((each) => `${state}: ${each.id}: ${each.nodes.map((node) => `${node.target.join(" ")} ${node.failureSummary ?? ""}`).join("; ")}`);
  expect(passes.length, "rules that apply to the page").toBeGreaterThanOrEqual(applyingMin);
  expect(found).toEqual([]);
}
