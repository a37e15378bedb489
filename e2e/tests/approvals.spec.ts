// Money that goes back through two people: asked for at the desk, decided in another browser by somebody who has just shown who they are,
// done once in the wallet's books and told to the customer. With the keyboard alone, in both languages, with nothing for axe to find.

import { axeInBothThemes } from "../src/axe.ts";
import type { Tab } from "../src/browser.ts";
import type { DeskPage } from "../src/desk-page.ts";
import { heard, KEY, opened, pressAndHear, untilSaid } from "../src/help.ts";
import { DEMO_PASSWORD } from "../src/hotline.ts";
import type { SipCaller } from "../src/sipp.ts";
import type { Contact, Staff } from "../src/staff.ts";
import { expect, TONE, test, type World } from "../src/test.ts";
import { totp } from "../src/totp.ts";
import { until } from "../src/wait.ts";
import { CUSTOMER, TRANSACTION, Wallet } from "../src/wallet.ts";
import { LANGUAGES, type Language, WORDS } from "../src/words.ts";

type Call = { desk: DeskPage; caller: SipCaller; contact: Contact };

/** Li Na on the line of an agent's desk. */
async function talk(world: World, lead: Staff, language: Language): Promise<Call> {
  const desk = await world.desk("agent1", language);
  await desk.ready();
  const caller = await world.call({ number: CUSTOMER.liNa, tone: TONE.sipCaller });
  await caller.press(`${KEY[language]}0`);
  const contact = await opened(lead);
  await desk.answer();
  await hearing({ desk, caller });
  return { desk, caller, contact };
}

const hearing = ({ desk, caller }: Pick<Call, "desk" | "caller">) =>
  Promise.all([desk.tab.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.browserAgent)]);

/** She keys the code from her phone, and then her second factor. */
async function verifyTwice(wallet: Wallet, { desk, caller }: Call): Promise<void> {
  const { verification } = desk.words.staff;
  const show = async (button: string, code: () => Promise<string>, level: string) => {
    await desk.page.keyboard.press("Alt+v");
    await desk.page.getByRole("button", { name: button, exact: true }).click();
    await expect(desk.page.locator('[data-challenge="sent"]')).toBeVisible();
    await caller.rtp.untilSound();
    await caller.press(`${await code()}#`);
    await expect(desk.page.locator(`[data-level="${level}"]`)).toBeVisible();
    await hearing({ desk, caller });
  };
  await show(verification.send, () => wallet.untilCode(CUSTOMER.liNa), "A2");
  const { totp_secret = "" } = await wallet.customer(CUSTOMER.liNa);
  await show(verification.askSecond, async () => totp(totp_secret), "A3");
}

/** The checker's queue in a browser of its own, logged in. */
async function queue(world: World, user: string, language: Language): Promise<Tab> {
  const tab = await world.tab(TONE.browserCaller, { locale: language });
  const { logIn } = WORDS[language].staff;
  await tab.page.addInitScript((chosen) => localStorage.setItem("walletline.language", chosen), language);
  await tab.page.goto(`${world.hotline.origin}/supervisor/approvals`);
  await tab.page.getByLabel(logIn.user, { exact: true }).fill(user);
  await tab.page.getByLabel(logIn.password, { exact: true }).fill(DEMO_PASSWORD);
  await tab.page.keyboard.press("Enter");
  return tab;
}

/** Opens the only refund of a queue with the keyboard. */
async function openRefund({ page }: Tab): Promise<void> {
  await page.locator(".approvals-open").first().focus();
  await page.keyboard.press("Enter");
  await expect(page.locator("[data-approval]")).toBeVisible();
}

/** Presses a button by the keyboard; shows the password where who is at the desk must be confirmed. */
async function decide({ page }: Tab, button: string): Promise<void> {
  await page.getByRole("button", { name: button, exact: true }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  await axeInBothThemes(page, "who decides");
  await page.keyboard.type(DEMO_PASSWORD);
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
}

const reversals = async (wallet: Wallet) => (await wallet.ledger()).filter((effect) => effect.operation === "reversal");

for (const language of LANGUAGES) {
  test(`a refund asked for at the desk is approved by a second person and done once, ${language}`, async ({ world }) => {
    test.setTimeout(300_000);
    const wallet = new Wallet(world.hotline);
    const lead = await world.staff("lead1");
    const words = WORDS[language].refunds;
    const call = await talk(world, lead, language);
    const { page } = call.desk;
    await page.keyboard.press("Alt+3");
    const ask = page.getByRole("button", { name: words.card.open });
    await expect(ask, "nothing is asked for an unverified caller").toBeDisabled();
    await verifyTwice(wallet, call);

    // What is wanted, what it would do, and what came of it: with the keyboard alone.
    await ask.focus();
    await page.keyboard.press("Enter");
    await expect(page.getByLabel(words.form.transaction)).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByText(words.form.badTransaction)).toBeVisible();
    await axeInBothThemes(page, "a refund with nothing filled in");
    await page.keyboard.type(TRANSACTION.paidLarge.slice(-6));
    await page.keyboard.press("Tab");
    await page.keyboard.type("640.50");
    await page.keyboard.press("Tab");
    await page.keyboard.type("charged twice");
    await page.keyboard.press("Enter");
    const preview = page.locator("[data-preview]");
    await expect(preview).toHaveAttribute("data-possible", "true");
    await expect(preview).toContainText(words.needs.checker);
    await expect(preview).toContainText(words.preview.second);
    await axeInBothThemes(page, "what a refund would do");
    expect(await reversals(wallet), "a preview does nothing").toEqual([]);
    await expect(page.getByRole("button", { name: words.preview.ask })).toBeFocused();
    await page.keyboard.press("Enter");
    const result = page.locator("[data-asked]");
    await expect(result).toContainText(words.states.awaiting_approval);
    const reference = (await result.getAttribute("data-asked")) ?? "";
    expect(reference).toMatch(/^R\d{9}$/);
    await axeInBothThemes(page, "a refund that waits");
    await page.keyboard.press("Escape");
    const card = page.locator(`[data-refund="${reference}"]`);
    await expect(card.locator('[data-refund-state="awaiting_approval"]')).toBeVisible();
    await axeInBothThemes(page, "a refund on the desk");
    await wallet.untilMessage(CUSTOMER.liNa, new RegExp(reference), "sms");
    expect(await reversals(wallet), "nothing goes back before a second person agreed").toEqual([]);

    // Somebody else decides, and has just shown who they are.
    const checker = await queue(world, "checker1", language);
    await expect(checker.page.locator('[data-group="decide"]')).toContainText("640.50");
    await axeInBothThemes(checker.page, "the queue");
    await openRefund(checker);
    const view = checker.page.locator("[data-approval]");
    for (const shown of ["charged twice", "1024", "1,280.00", words.needs.checker]) await expect(view).toContainText(shown);
    await expect(view.locator('[data-evidence="true"]')).toBeVisible();
    await axeInBothThemes(checker.page, "all the evidence");
    await wallet.advance(301);
    await decide(checker, words.act.approve);
    await expect(checker.page.getByText(words.act.done.approve)).toBeVisible();
    await expect(view.locator('[data-refund-state="succeeded"]')).toBeVisible();
    await expect(view.locator('[data-verdict="approved"]')).toContainText("1031");
    await axeInBothThemes(checker.page, "a refund that is done");

    await expect(card.locator('[data-refund-state="succeeded"]')).toBeVisible();
    const [effect, ...others] = await reversals(wallet);
    expect(others, "money goes back once").toEqual([]);
    expect(effect).toMatchObject({ operation: "reversal", amount: "640.50" });
    const phone = await world.browserPhone(language);
    await expect(phone.page.getByText(reference).first()).toBeVisible();
    await call.caller.hangUp();
  });
}

test("what the wallet cannot account for is established by two people on the same page", async ({ world }) => {
  test.setTimeout(300_000);
  const wallet = new Wallet(world.hotline);
  const lead = await world.staff("lead1");
  const words = WORDS.en.refunds;
  const call = await talk(world, lead, "en");
  await verifyTwice(wallet, call);
  const { page } = call.desk;
  await page.keyboard.press("Alt+3");
  await page.getByRole("button", { name: words.card.open }).click();
  await page.getByLabel(words.form.transaction).fill(TRANSACTION.paidLarge);
  await page.getByLabel(words.form.reason).fill("never delivered");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: words.preview.ask }).click();
  await expect(page.locator("[data-asked]")).toContainText(words.states.awaiting_approval);
  await page.keyboard.press("Escape");

  // It is lost on the way, and from then on the wallet says nothing.
  await wallet.fault("reversal", "fail", 1);
  await wallet.fault("any", "fail", 1_000);
  const checker = await queue(world, "checker1", "en");
  await openRefund(checker);
  await checker.page.getByRole("button", { name: words.act.approve, exact: true }).click();
  await expect(checker.page.locator('[data-approval] [data-refund-state="unknown"]')).toBeVisible();
  await expect(page.locator('[data-refund-state="unknown"]').first()).toBeVisible();
  await wallet.advance(3_700);
  await checker.page.getByLabel(words.act.reason, { exact: true }).fill("their back office has no such booking");
  await axeInBothThemes(checker.page, "what became of it is to be established");
  await decide(checker, words.act.proposeUndone);
  await expect(checker.page.getByText(words.act.done.propose)).toBeVisible();
  await expect(checker.page.getByText(words.act.ownProposal)).toBeVisible();
  await expect(checker.page.getByRole("button", { name: words.act.confirm, exact: true })).toBeDisabled();
  await axeInBothThemes(checker.page, "one's own finding");

  const second = await queue(world, "lead1", "en");
  await openRefund(second);
  await expect(second.page.locator('[data-proposal="undone"]')).toContainText("1031");
  await second.page.getByLabel(words.act.reason, { exact: true }).fill("seen it too");
  await second.page.getByRole("button", { name: words.act.confirm, exact: true }).click();
  await expect(second.page.locator('[data-approval] [data-refund-state="failed"]')).toBeVisible();
  await until("the desk says so", async () => (await page.locator('[data-refund-state="failed"]').count()) > 0);
  expect(await reversals(wallet)).toEqual([]);
  await call.caller.hangUp();
});

for (const language of LANGUAGES) {
  test(`a refund asked for by the keypad is approved in a browser and confirmed to the demo phone, ${language}`, async ({ world }) => {
    test.setTimeout(300_000);
    const wallet = new Wallet(world.hotline);
    const lead = await world.staff("lead1");
    const words = WORDS[language].refunds;
    const caller = await world.call({ number: CUSTOMER.liNa });
    const contact = await opened(lead);
    await caller.press(`${KEY[language]}41`);
    await caller.press("#");
    await caller.press(`${await wallet.untilCode(CUSTOMER.liNa)}#`);
    await lead.untilContact("at A2", (each) => each.id === contact.id && each.level === "A2");
    // What cannot go back is told with its reason, and is no dead end.
    await pressAndHear(caller, `${TRANSACTION.completed}#`);
    await pressAndHear(caller, "1");
    const refused = await untilSaid(lead, contact.id, "refund.not_refundable");
    expect(heard(refused, "refund.not_refundable")).toContain("000");
    await pressAndHear(caller, `${TRANSACTION.paidLarge}#`);
    await pressAndHear(caller, "1");
    const { totp_secret = "" } = await wallet.customer(CUSTOMER.liNa);
    const code = totp(totp_secret);
    await caller.press(`${code}#`);
    await lead.untilContact("at A3", (each) => each.id === contact.id && each.level === "A3");
    const asked = await wallet.untilMessage(CUSTOMER.liNa, /R\d{9}/, "sms");
    const reference = /R\d{9}/.exec(asked.text)?.[0] ?? "";
    const timeline = await untilSaid(lead, contact.id, "refund.waits", 60);
    expect(heard(timeline, "refund.taken").replace(/\s/g, "")).toContain(reference);
    expect(JSON.stringify(timeline), "a code stands in no record").not.toContain(code);
    expect((await lead.contact(contact.id)).case).toBe(reference);
    expect(await reversals(wallet), "nothing goes back before a second person agreed").toEqual([]);
    await caller.hangUp();

    // The link of the message tells how it stands, to whoever holds it and without a script.
    const link = /https?:\/\/\S+\/help\/refunds\/\S+/.exec(asked.text)?.[0] ?? "";
    const path = new URL(link).pathname;
    const page = (await world.tab(TONE.browserCaller, { locale: language, javaScriptEnabled: false })).page;
    await page.goto(`${world.hotline.origin}${path}`);
    await expect(page.locator('[data-state="awaiting_approval"]')).toBeVisible();
    await expect(page.locator("main")).toContainText(reference);
    await expect(page.locator("main")).not.toContainText("1280");

    const checker = await queue(world, "checker1", language);
    await openRefund(checker);
    const view = checker.page.locator("[data-approval]");
    await expect(view).toContainText(words.view.byCustomer);
    await checker.page.getByRole("button", { name: words.act.approve, exact: true }).click();
    await expect(view.locator('[data-refund-state="succeeded"]')).toBeVisible();
    const [effect, ...others] = await reversals(wallet);
    expect(others, "money goes back once").toEqual([]);
    expect(effect).toMatchObject({ operation: "reversal", amount: "1280.00" });
    await page.reload();
    await expect(page.locator('[data-state="succeeded"]')).toBeVisible();
    await page.goto(`${world.hotline.origin}${path.slice(0, -1)}`);
    await expect(page.locator("[data-state]")).toHaveCount(0);
    const phone = await world.browserPhone(language);
    await expect(phone.page.getByText(reference).first()).toBeVisible();
  });
}
