// A call pass from the page to the agent's screen: made with and without a script, keyed on a telephone and brought by a browser, wrong
// and expired. What the caller heard is read in the record.

import { axe, THEMES } from "../src/axe.ts";
import { assets, keyed, lines, opened, untilSaid } from "../src/help.ts";
import { prepare } from "../src/prepare-page.ts";
import { expect, test, TONE } from "../src/test.ts";
import { CUSTOMER, TRANSACTION, Wallet } from "../src/wallet.ts";

const WROTE = { "zh-CN": "昨天起登不上去", en: "I cannot log in since yesterday" } as const;

for (const language of ["zh-CN", "en"] as const) {
  test(`a pass made without a script reaches the agent's card through a telephone, in ${language}`, async ({ world }) => {
    const visitor = await world.tab(TONE.browserCaller, { javaScriptEnabled: false });
    const code = await prepare(visitor, world.hotline, language, {
      topic: "account.locked",
      description: `${WROTE[language]}. password: hunter2`,
      error: "E-4021 locked_failed_logins",
      screenshot: true,
    });
    await expect(visitor.page.locator(".notice.warn")).toBeVisible();
    const desk = await world.desk("agent1", language);
    await desk.ready();
    const lead = await world.staff("lead1");
    const caller = await world.call({ number: CUSTOMER.liNa });
    const contact = await opened(lead);
    await caller.press(code);
    await untilSaid(lead, contact.id, "pass.taken.account.locked");
    await caller.press("0");
    await desk.rings();
    await expect(desk.page.locator('[data-pass="account.locked"]')).toBeVisible();
    await axe(desk.page, "ringing with a pass");
    await desk.answer();
    const card = desk.page.locator('.pass-card[data-pass="account.locked"]');
    await expect(card).toContainText(WROTE[language]);
    await expect(card).toContainText("E-4021");
    await expect(card).toContainText(desk.words.staff.pass.unverified);
    await expect(card).not.toContainText("hunter2");
    await card.getByRole("button", { name: desk.words.staff.pass.showScreenshot }).click();
    await expect.poll(() => card.locator("img").evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(16);
    await axe(desk.page, "talking with a pass");
    const timeline = await lead.timeline(contact.id);
    expect(assets(timeline)).toEqual(expect.arrayContaining(["pass.taken.account.locked"]));
    expect(lines(timeline, "call_pass")).toMatchObject([{ topic: "account.locked" }]);
    expect(keyed(timeline).join(" ")).toContain("••••••");
    expect(JSON.stringify(timeline), "a code stands in no record").not.toContain(code);
    expect(await lead.contact(contact.id)).toMatchObject({ level: "A1", language, service: "account" });
    await caller.hangUp();
  });
}

test("a pass about a transaction asks for the code alone, and says where it stands", async ({ world }) => {
  const visitor = await world.tab(TONE.browserCaller);
  const code = await prepare(visitor, world.hotline, "en", { topic: "transactions.status", transaction: TRANSACTION.onTime });
  const lead = await world.staff("lead1");
  const wallet = new Wallet(world.hotline);
  const caller = await world.call({ number: CUSTOMER.liNa });
  const contact = await opened(lead);
  await caller.press(code);
  await untilSaid(lead, contact.id, "pass.taken.transactions.status");
  await caller.press("#");
  await caller.press(`${await wallet.untilCode(CUSTOMER.liNa)}#`);
  const timeline = await untilSaid(lead, contact.id, "status.on_time", 40);
  expect(assets(timeline)).not.toContain("status.id");
  await caller.hangUp();
});

test("a wrong code and one that has expired sound the same and leave the language open", async ({ world }) => {
  const visitor = await world.tab(TONE.browserCaller);
  const code = await prepare(visitor, world.hotline, "en", { topic: "refunds.refund" });
  const other = code.startsWith("3") ? `4${code.slice(1)}` : `3${code.slice(1)}`;
  const lead = await world.staff("lead1");
  const unknown = await world.call({ number: CUSTOMER.amyCarter });
  const first = await opened(lead);
  await unknown.press(other);
  await untilSaid(lead, first.id, "pass.wrong");
  await unknown.press(code);
  await untilSaid(lead, first.id, "pass.taken.refunds.refund");
  await unknown.hangUp();
  await new Wallet(world.hotline).advance(86_400);
  // The log-in of yesterday is over.
  const tomorrow = await world.staff("lead1");
  const late = await world.call({ number: CUSTOMER.liNa });
  const second = await opened(tomorrow, [first.id]);
  await late.press(code);
  await untilSaid(tomorrow, second.id, "pass.wrong");
  await late.press("2");
  await untilSaid(tomorrow, second.id, "menu.main", 60);
  const said = async (id: string) => assets(await tomorrow.timeline(id)).filter((asset) => asset.startsWith("pass.wrong"));
  expect((await said(second.id)).length).toBeGreaterThan(0);
  await late.hangUp();
});

test("a call from the page brings its pass: nothing is keyed", async ({ world }) => {
  const visitor = await world.tab(TONE.browserCaller);
  await prepare(visitor, world.hotline, "en", { topic: "refunds.complaint", description: "Told twice, nothing done." });
  const desk = await world.desk("agent1", "en");
  await desk.ready();
  await visitor.page.locator('a[href^="/help/call?pass="]').click();
  await visitor.page.locator("[data-call-start]").click();
  await desk.answer();
  await expect(desk.page.locator('.pass-card[data-pass="refunds.complaint"]')).toContainText("Told twice, nothing done.");
});

for (const theme of THEMES) {
  for (const language of ["zh-CN", "en"] as const) {
    test(`the page that prepares a call has no barrier, ${theme}, ${language}`, async ({ world }) => {
      const tab = await world.tab(TONE.browserCaller);
      const page = tab.page;
      const at = (query: string) => `${world.hotline.origin}/help/prepare?${query}lang=${language}&theme=${theme}`;
      await page.setViewportSize({ width: 390, height: 844 });
      await page.goto(at(""));
      await axe(page, "topics");
      await page.goto(at("topic=transactions.wrong&"));
      await axe(page, "form");
      await page.locator("#transaction").fill("12");
      await page.locator("form[method=post] button[type=submit]").click();
      await expect(page.getByRole("alert")).toBeVisible();
      await expect(page.locator("#transaction")).toHaveValue("12");
      await axe(page, "wrong");
      await page.screenshot({ path: `out/prepare-wrong-${theme}-${language}.png`, fullPage: true });
      await page.locator("#transaction").fill("000014");
      await page.locator("#description").fill("+8613812345678");
      await page.locator("form[method=post] button[type=submit]").click();
      await expect(page.locator(".card.strong .number")).toBeVisible();
      await axe(page, "made");
      await page.screenshot({ path: `out/prepare-made-${theme}-${language}.png`, fullPage: true });
    });
  }
}
