// The accessibility rules, held against a page as it is now.

import { expect, type Page } from "@playwright/test";
import axeCore, { type RunOptions } from "axe-core";

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
  await demand(page, `${state}, ${other}`, { type: "rule", values: ["color-contrast"] }, 1);
  await picture(page, state);
  await page.emulateMedia({ colorScheme: now });
}

export async function axe(page: Page, state: string): Promise<void> {
  await settled(page);
  await demand(page, state, { type: "tag", values: RULES }, 10);
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

/** Of what passes only the rules are counted: a selector for each element that is in order takes longer than the rules themselves. */
async function demand(page: Page, state: string, runOnly: RunOptions["runOnly"], applyingMin: number): Promise<void> {
  // Half a second of a busy core each time: a page reads the rules once.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axeCore.source);
  const { violations, passes } = await page.evaluate((options) => (window as unknown as { axe: typeof axeCore }).axe.run(options), {
    runOnly,
    resultTypes: ["violations"],
  } as RunOptions);
  const found = violations.map((each) => `${state}: ${each.id}: ${each.nodes.map((node) => `${node.target.join(" ")} ${node.failureSummary ?? ""}`).join("; ")}`);
  expect(passes.length, "rules that apply to the page").toBeGreaterThanOrEqual(applyingMin);
  expect(found).toEqual([]);
}
