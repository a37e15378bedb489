// Every page and state, in both languages and both themes: axe finds nothing, and no policy is violated (which every test that
// opens a page demands at its end).

import { axeInBothThemes, THEMES } from "../src/axe.ts";
import { DeskPage } from "../src/desk-page.ts";
import { expect, TONE, test } from "../src/test.ts";
import { LANGUAGES } from "../src/words.ts";

/** The size of a common phone. */
const PHONE = { width: 390, height: 844 };

for (const language of LANGUAGES) {
  test(`the desk in every state, ${language}`, async ({ world }) => {
    test.setTimeout(180_000);
    const tab = await world.tab(TONE.browserAgent, { locale: language });
    const { page } = tab;
    await page.goto(`${world.hotline.origin}/desk`);
    const desk = new DeskPage(tab, world.hotline, language);
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    await axeInBothThemes(page, "log-in");
    await desk.logIn("agent1", "walletline-wrong");
    await expect(page.getByRole("alert")).not.toBeEmpty();
    await axeInBothThemes(page, "refused");
    await desk.logIn("agent1", "walletline-demo");
    await desk.becomes("not_ready");
    await axeInBothThemes(page, "not ready");
    await desk.presence.click();
    await axeInBothThemes(page, "menu of states");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Shift+Slash");
    await expect(page.getByRole("dialog")).toBeVisible();
    await axeInBothThemes(page, "shortcuts");
    await page.keyboard.press("Escape");
    await desk.ready();
    await axeInBothThemes(page, "ready");

    const caller = await world.call({ tone: TONE.sipCaller });
    await caller.press(language === "en" ? "2231" : "1231");
    await desk.rings();
    await axeInBothThemes(page, "ringing");
    await desk.answer();
    await tab.untilTone(TONE.sipCaller);
    await axeInBothThemes(page, "talking");
    await desk.button(desk.words.mute).click();
    await expect(desk.button(desk.words.unmute)).toBeVisible();
    await axeInBothThemes(page, "muted");
    await caller.hangUp();
    await desk.becomes("wrap_up");
    await axeInBothThemes(page, "wrap-up");
    await desk.wrapUp("resolved");
    await axeInBothThemes(page, "ready with a recent contact");
  });

  test(`the help centre without a script, ${language}`, async ({ world }) => {
    const { page } = await world.tab(TONE.browserAgent, { locale: language, viewport: PHONE, javaScriptEnabled: false });
    await page.goto(world.hotline.origin);
    await expect(page).toHaveURL(/\/help$/);
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    await expect(page.locator("main a.number[href='tel:8000']")).toBeVisible();
    await page.getByRole("link", { name: language === "en" ? "Harbor Pay" : "港湾支付" }).click();
    await expect(page.locator("main a.number[href='tel:8001']")).toBeVisible();
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `out/pages/help-${language}-${colorScheme}.png`, fullPage: true });
    }
  });

  test(`the demo phone in every state, ${language}`, async ({ world }) => {
    const phone = await world.tab(TONE.browserCaller, { locale: language, viewport: PHONE });
    const { page } = phone;
    await page.goto(`${world.hotline.origin}/demo/phone`);
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    await expect(page.getByRole("heading").first()).toBeVisible();
    await axeInBothThemes(page, "idle");
    const { PhonePage } = await import("../src/phone-page.ts");
    const customer = new PhonePage(phone, language);
    await customer.choose(language === "en" ? "Li Na" : "李娜", "8000");
    await axeInBothThemes(page, "chosen");
    await customer.dial();
    await phone.untilSound();
    await axeInBothThemes(page, "talking");
    await customer.hangUp();
    await expect(page.getByText(customer.words.phone.ended.hung_up)).toBeVisible();
    await axeInBothThemes(page, "ended");
  });
}

test("the demo phone keys the menu and hears the answer change", async ({ world }) => {
  const phone = await world.browserPhone();
  await phone.choose("Li Na", "8001");
  await phone.dial();
  await phone.tab.untilSound();
  await phone.press("230");
  const lead = await world.staff("lead1");
  const contact = await lead.untilContact("in a queue", (each) => each.queued_at !== null);
  expect(contact).toMatchObject({ channel: "web_call", line: "8001", wallet: "harbor", language: "en", service: "security" });
  expect(contact.caller).toContain("0001");
  await phone.hangUp();
  await lead.untilContact("with its end", (each) => each.id === contact.id && each.ended_at !== null);
});

test("a browser caller who closes the page is hung up", async ({ world }) => {
  const phone = await world.browserPhone();
  await phone.choose("Li Na", "8000");
  await phone.dial();
  await phone.tab.untilSound();
  await phone.page.close();
  const lead = await world.staff("lead1");
  await lead.untilContact("with its end", (each) => each.ended_at !== null, 60);
});
