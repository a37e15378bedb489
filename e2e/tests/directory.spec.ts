// The official numbers and the check: in both languages and themes, without a script too, with nothing for axe to find.

import { axeInBothThemes } from "../src/axe.ts";
import { expect, TONE, test } from "../src/test.ts";
import { LANGUAGES } from "../src/words.ts";

const WORDS = {
  "zh-CN": { official: "在官方名录里", other: "不在官方名录里", fake: "已确认是假冒", check: "核对", taken: "举报已收到" },
  en: {
    official: "Listed as official",
    other: "Not in the official directory",
    fake: "Confirmed as a fake",
    check: "Check",
    taken: "The report has arrived",
  },
} as const;

for (const language of LANGUAGES) {
  test(`official numbers, a number and the check, ${language}`, async ({ world }) => {
    const { page } = await world.tab(TONE.browserCaller, { locale: language, viewport: { width: 390, height: 844 } });
    const origin = world.hotline.origin;
    const w = WORDS[language];
    await page.goto(`${origin}/official-numbers?wallet=jinqiao&lang=${language}`);
    await expect(page.getByRole("link", { name: "95000", exact: true })).toBeVisible();
    await axeInBothThemes(page, "official numbers");
    await page.goto(`${origin}/n/8000`);
    await expect(page.locator(".qr svg")).toBeVisible();
    await axeInBothThemes(page, "a number");
    await page.goto(`${origin}/help/check`);
    await axeInBothThemes(page, "nothing asked");
    for (const [number, words] of [
      ["８０００", w.official],
      ["95O00", w.other],
      ["+86 190 0000 9999", w.fake],
    ]) {
      await page.locator("#number").fill(number ?? "");
      await page.getByRole("button", { name: w.check, exact: true }).click();
      await expect(page.getByRole("heading", { name: words ?? "" })).toBeVisible();
      await axeInBothThemes(page, `answer to ${number}`);
    }
  });

  test(`the keepers' screen, ${language}`, async ({ world }) => {
    const { page } = await world.tab(TONE.browserCaller, { locale: language });
    await page.goto(`${world.hotline.origin}/admin/directory`);
    await page.getByRole("textbox").nth(0).fill("admin");
    await page.locator("input[type=password]").fill("walletline-demo");
    await page.keyboard.press("Enter");
    await expect(page.getByText("95000", { exact: true })).toBeVisible();
    await axeInBothThemes(page, "the directory");
    await page.locator(".listing-acts button[aria-expanded]").first().press("Enter");
    await expect(page.locator(".reason input")).toBeFocused();
    await axeInBothThemes(page, "a reason is asked for");
  });
}

test("the check and the report work without a script", async ({ world }) => {
  const { page } = await world.tab(TONE.browserCaller, { javaScriptEnabled: false, locale: "en" });
  await page.goto(`${world.hotline.origin}/help/check?lang=en`);
  await page.locator("#number").fill("95001");
  await page.getByRole("button", { name: WORDS.en.check, exact: true }).click();
  await expect(page.getByRole("heading", { name: WORDS.en.other })).toBeVisible();
  await page.locator("#seen_at").selectOption("sms");
  await page.getByRole("button", { name: "Report it" }).click();
  await expect(page.getByRole("status")).toContainText(WORDS.en.taken);
});
