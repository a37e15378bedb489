// The second factor: keyed on the phone and in a conversation after a code that was sent, judged by the wallet, and worth nothing twice.
// What is keyed stands in no record.

import { axeInBothThemes } from "../src/axe.ts";
import { lines, opened, untilSaid } from "../src/help.ts";
import type { SipCaller } from "../src/sipp.ts";
import type { Staff } from "../src/staff.ts";
import { expect, TONE, test } from "../src/test.ts";
import { totp } from "../src/totp.ts";
import { until } from "../src/wait.ts";
import { CUSTOMER, Wallet } from "../src/wallet.ts";

async function secretOf(wallet: Wallet, msisdn: string): Promise<string> {
  const { totp_secret } = await wallet.customer(msisdn);
  if (totp_secret === undefined) throw new Error("this customer has no second factor");
  return totp_secret;
}

/** From the greeting into closing an account, with the code from the demo phone: what is asked next is the second factor. */
async function untilSecondAsked(wallet: Wallet, caller: SipCaller, lead: Staff, contact: string): Promise<void> {
  await caller.press("2151");
  await untilSaid(lead, contact, "answer.account.close", 60);
  await caller.press("#");
  const code = await wallet.untilCode(caller.number);
  await caller.press(`${code}#`);
  await lead.untilContact("at A2", (each) => each.id === contact && each.level === "A2");
}

const notVerified = async (lead: Staff, contact: string) => lines(await lead.timeline(contact), "not_verified").length;

test("two factors keyed on the phone reach A3, a used code does not, and the agent is told", async ({ world }) => {
  test.setTimeout(240_000);
  const wallet = new Wallet(world.hotline);
  const lead = await world.staff("lead1");
  const caller = await world.call({ number: CUSTOMER.liNa });
  const contact = await opened(lead);
  await untilSecondAsked(wallet, caller, lead, contact.id);
  await caller.press("000000#");
  await until("it is refused", async () => (await notVerified(lead, contact.id)) === 1);
  const code = totp(await secretOf(wallet, CUSTOMER.liNa));
  await caller.rtp.untilSound();
  await caller.press(`${code}#`);
  await lead.untilContact("at A3", (each) => each.id === contact.id && each.level === "A3");
  await caller.rtp.untilSound();
  await caller.press("0");
  const queued = await lead.untilContact("in the queue", (each) => each.id === contact.id && each.queued_at !== null, 60);
  expect(queued.level).toBe("A3");
  const timeline = await lead.timeline(contact.id);
  expect(lines(timeline, "verified").at(-1)).toMatchObject({ factor: "second_factor", from: "A2", to: "A3" });
  expect(JSON.stringify(timeline), "a code stands in no record").not.toContain(code);
  const audit = await (await world.staff("auditor1")).audit(contact.id);
  const actions = audit.map((entry) => entry.action);
  expect(actions).toEqual(expect.arrayContaining(["second_factor.asked", "second_factor.wrong", "second_factor.passed", "level.raised"]));
  await caller.hangUp();

  // In another call the same code is worth nothing, and neither is what was shown in the first.
  await wallet.advance(60);
  const again = await world.call({ number: CUSTOMER.liNa });
  const second = await opened(lead, [contact.id]);
  expect(second.level).toBe("A1");
  await again.hangUp();
});

test("a code that was used, and three wrong ones, leave the level where it was", async ({ world }) => {
  test.setTimeout(240_000);
  const wallet = new Wallet(world.hotline);
  const lead = await world.staff("lead1");
  const caller = await world.call({ number: CUSTOMER.amyCarter });
  const contact = await opened(lead);
  await untilSecondAsked(wallet, caller, lead, contact.id);
  // She has no second factor, and hears what everybody hears.
  for (const [tries, code] of [totp("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"), "111111", "222222"].entries()) {
    await caller.press(`${code}#`);
    await until("it is refused", async () => (await notVerified(lead, contact.id)) === tries + 1);
    await caller.rtp.untilSound();
  }
  const queued = await lead.untilContact("in the queue", (each) => each.id === contact.id && each.queued_at !== null, 60);
  expect(queued.level).toBe("A2");
  await caller.hangUp();
});

test("an agent asks for the second factor after the first, and the strip says what was shown", async ({ world }) => {
  test.setTimeout(240_000);
  const wallet = new Wallet(world.hotline);
  const lead = await world.staff("lead1");
  const desk = await world.desk("agent1");
  const { verification, pressure } = desk.words.staff;
  await desk.ready();
  const caller = await world.call({ number: CUSTOMER.liNa, tone: TONE.sipCaller });
  await caller.press("20");
  const contact = await opened(lead);
  await desk.answer();
  await Promise.all([desk.tab.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.browserAgent)]);
  const strip = (state: string) => desk.page.locator(`[data-challenge="${state}"]`);
  const ask = async (button: string) => {
    await desk.page.keyboard.press("Alt+v");
    await desk.page.getByRole("button", { name: button, exact: true }).click();
    await expect(strip("sent")).toBeVisible();
    await caller.rtp.untilSound();
  };
  const refused = await lead.request("POST", `/api/v1/contacts/${contact.id}/challenges`, { factor: "second_factor" });
  expect(refused.status, "not by whoever is not on the call").toBe(409);
  await ask(verification.send);
  await caller.press(`${await wallet.untilCode(CUSTOMER.liNa)}#`);
  await expect(desk.page.locator('[data-level="A2"]')).toBeVisible();
  await Promise.all([desk.tab.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.browserAgent)]);

  await desk.page.keyboard.press("Alt+v");
  await expect(desk.page.getByRole("dialog")).toBeVisible();
  await axeInBothThemes(desk.page, "the second factor is asked for");
  await desk.page.getByRole("button", { name: verification.askSecond, exact: true }).click();
  await expect(strip("sent")).toBeVisible();
  await until("nothing arrives any more", async () => (await desk.tab.heard()).db < -60);
  await caller.rtp.untilSound();
  const code = totp(await secretOf(wallet, CUSTOMER.liNa));
  await caller.press(`${code}#`);
  await expect(strip("verified")).toBeVisible();
  await expect(desk.page.locator('[data-level="A3"] [data-proof="second_factor"]')).toBeVisible();
  await Promise.all([desk.tab.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.browserAgent)]);

  // Five minutes in which nobody does anything: the second factor is forgotten, the first is not.
  await wallet.advance(300);
  await caller.press("1");
  await expect(desk.page.locator('[data-level="A2"]')).toBeVisible();
  await desk.page.getByRole("button", { name: pressure.suspect, exact: true }).click();
  await axeInBothThemes(desk.page, "a caller under pressure");
  await desk.page.getByRole("button", { name: pressure.note, exact: true }).click();
  await expect(desk.page.locator('[data-level="A1"] [data-risk="pressure"]')).toBeVisible();
  const timeline = await lead.timeline(contact.id);
  expect(lines(timeline, "lowered").map((line) => [line.why, line.to])).toEqual([["idle", "A2"], ["pressure", "A1"]]);
  expect(lines(timeline, "challenged").map((line) => [line.factor, line.outcome])).toEqual([
    ["sms_code", "started"],
    ["sms_code", "verified"],
    ["second_factor", "started"],
    ["second_factor", "verified"],
  ]);
  expect(JSON.stringify(timeline), "a code stands in no record").not.toContain(code);
  await caller.hangUp();
});
