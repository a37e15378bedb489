// The page that prepares a call, as a visitor uses it: topic, what was written, the code.

import { expect } from "@playwright/test";
import type { Tab } from "./browser.ts";
import type { Hotline } from "./hotline.ts";

export type Prepared = { topic: string; transaction?: string; description?: string; error?: string; screenshot?: boolean };

/** A grey square, with a word beside it. */
const PICTURE = "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAAAAAA6mKC9AAAAFXRFWHRDb21tZW50AHRha2VuIGF0IGhvbWV2YxoJAAAAD0lEQVR4nGNoQAMMI1sAAAUMgAFaSOXNAAAAAElFTkSuQmCC";

/** Fills in the form and gives the code. */
export async function prepare(tab: Tab, hotline: Hotline, language: string, what: Prepared): Promise<string> {
  const { page } = tab;
  await page.goto(`${hotline.origin}/help/prepare?lang=${language}`);
  await page.locator(`a[href="/help/prepare?topic=${what.topic}"]`).click();
  if (what.transaction) await page.locator("#transaction").fill(what.transaction);
  if (what.description) await page.locator("#description").fill(what.description);
  if (what.error) await page.locator("#error_text").fill(what.error);
  if (what.screenshot) {
    await page.locator("#screenshot").setInputFiles({ name: "screenshot.png", mimeType: "image/png", buffer: Buffer.from(PICTURE, "base64") });
  }
  await page.locator("form[method=post] button[type=submit]").click();
  const shown = page.locator(".card.strong .number");
  await expect(shown).toBeVisible();
  const code = (await shown.innerText()).replace(/\s/g, "");
  expect(code).toMatch(/^[3-8]\d{5}$/);
  return code;
}
