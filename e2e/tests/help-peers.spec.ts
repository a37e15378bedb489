// The two calls from other phones: the demo phone in a browser with an agent who takes over, in both languages and themes, and
// baresip. What the agent is shown is read on the desk.

import { axeInBothThemes } from "../src/axe.ts";
import { DeskPage } from "../src/desk-page.ts";
import { assets, KEY, lines, opened, untilSaid } from "../src/help.ts";
import { PhonePage } from "../src/phone-page.ts";
import { expect, TONE, test } from "../src/test.ts";
import { until } from "../src/wait.ts";
import { CUSTOMER, TRANSACTION, Wallet } from "../src/wallet.ts";
import { LANGUAGES } from "../src/words.ts";

for (const language of LANGUAGES) {
  test(`status and freeze by the demo phone, then a person who sees both, ${language}`, async ({ world }) => {
    test.setTimeout(240_000);
    const wallet = new Wallet(world.hotline);
    const lead = await world.staff("lead1");
    const staffTab = await world.tab(TONE.browserAgent, { locale: language });
    const desk = await DeskPage.open(staffTab, world.hotline, "agent1", language);
    await desk.ready();
    const phone = await PhonePage.open(await world.tab(TONE.browserCaller, { locale: language, viewport: { width: 390, height: 844 } }), world.hotline, language);
    await phone.choose(language === "en" ? "Li Na" : "李娜", "8000");
    await phone.dial();
    await phone.tab.untilSound();
    const contact = await opened(lead);

    await phone.press(`${KEY[language]}21`);
    await phone.press("#");
    const shown = phone.page.locator("[data-channel=sms] .code-in-text").first();
    await expect(shown).toHaveText(/^\d{6}$/);
    const code = (await shown.textContent()) ?? "";
    world.hotline.keepPrivate(code);
    await axeInBothThemes(phone.page, "a code has come");
    await phone.press(`${code}#`);
    await lead.untilContact("at A2", (each) => each.id === contact.id && each.level === "A2");
    await phone.press(`${TRANSACTION.onTime}#`);
    await untilSaid(lead, contact.id, "status.on_time", 60);
    await phone.press("0");

    await desk.rings();
    await expect(desk.card.locator("[data-finding=on_time]")).toBeVisible();
    await axeInBothThemes(desk.page, "ringing");
    await desk.answer();
    await Promise.all([desk.tab.untilTone(TONE.browserCaller), phone.tab.untilTone(TONE.browserAgent)]);
    await expect(desk.page.locator("[data-level=A2]").first()).toBeVisible();
    await expect(desk.page.locator("[data-proof=sms_code]")).toBeVisible();
    await expect(desk.page.locator(`[data-transaction="${TRANSACTION.onTime}"] [data-finding=on_time]`)).toBeVisible();
    await expect(desk.page.locator("body")).not.toContainText(code);
    await expect(desk.page.locator("body")).not.toContainText("19000000001");
    await axeInBothThemes(desk.page, "talking to a verified caller");
    await phone.hangUp();
    await desk.becomes("wrap_up");
    await desk.wrapUp("resolved");

    await phone.dial();
    await phone.tab.untilSound();
    const second = await opened(lead, [contact.id]);
    await phone.press(`${KEY[language]}91#`);
    await until("the own number is taken", async () => lines(await lead.timeline(second.id), "keyed").length >= 3);
    await phone.tab.untilSound();
    await phone.press("1");
    await wallet.untilStatus(CUSTOMER.liNa, "frozen_by_hotline");
    await untilSaid(lead, second.id, "freeze.done", 60);
    await desk.answer();
    const { case: reference } = await lead.contact(second.id);
    await expect(desk.page.locator("[data-operation] [data-operation-state=done]")).toBeVisible();
    await expect(desk.page.locator("[data-operation]")).toContainText(new RegExp((reference ?? "").replace(/\D/g, "").split("").join("\\s?")));
    await expect(desk.page.locator("[data-level=A1]").first()).toBeVisible();
    await Promise.all([desk.tab.untilTone(TONE.browserCaller), phone.tab.untilTone(TONE.browserAgent)]);
    await axeInBothThemes(desk.page, "talking to a caller who froze");
    await axeInBothThemes(phone.page, "a freeze was confirmed");
    await phone.hangUp();
    await desk.becomes("wrap_up");
  });
}

test("baresip freezes another account by its number and then talks with a person", async ({ world }) => {
  const wallet = new Wallet(world.hotline);
  const lead = await world.staff("lead1");
  const { phone } = await world.agentWithPhone("agent1");
  const caller = await world.baresip("8000", TONE.sipCaller);
  await caller.untilSound();
  const contact = await opened(lead);
  const keyed = async () => lines(await lead.timeline(contact.id), "keyed").map((entry) => String(entry.digits)).join(" ");
  // One key at a time, as a finger does.
  const type = async (keys: string) => {
    for (const key of keys) {
      caller.type(key);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  };
  await type("29");
  await until("9 was taken", async () => (await keyed()).includes("9"));
  await type("19000000001#");
  await until("the number was taken", async () => /0001/.test(await keyed()), 20);
  await caller.untilSound();
  await type("1");
  await wallet.untilStatus(CUSTOMER.liNa, "frozen_by_hotline", 40);
  const timeline = await untilSaid(lead, contact.id, "freeze.done", 40);
  expect(assets(timeline)).toEqual(expect.arrayContaining(["freeze.own", "freeze.confirm"]));
  expect(JSON.stringify(timeline), "a number is masked in the record").not.toContain("19000000001");
  expect((await wallet.ledger()).map((effect) => effect.operation)).toEqual(["freeze"]);
  await phone.rings();
  await phone.answer(TONE.sipAgent);
  await Promise.all([phone.rtp.untilTone(TONE.sipCaller), caller.untilTone(TONE.sipAgent)]);
  caller.type("b");
});
