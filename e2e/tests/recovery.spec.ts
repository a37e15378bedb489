// Back into an account: unlocked in the menu by a code from the demo phone, by a link that needs none, and not at all where more is
// needed. The demo phone is the second channel.

import { lines, opened, untilSaid } from "../src/help.ts";
import { expect, test } from "../src/test.ts";
import { until } from "../src/wait.ts";
import { CUSTOMER, Wallet } from "../src/wallet.ts";

test("a customer locked out after failed log-ins calls, is unlocked, and is told so on the registered phone", async ({ world }) => {
  test.setTimeout(240_000);
  const wallet = new Wallet(world.hotline);
  const lead = await world.staff("lead1");
  expect((await wallet.customer(CUSTOMER.wangWei)).sub_status).toBe("locked_failed_logins");
  const caller = await world.call({ number: CUSTOMER.wangWei });
  const contact = await opened(lead);
  await caller.press("2131");
  await caller.press("#");
  const code = await wallet.untilCode(caller.number);
  await caller.press(`${code}#`);
  await lead.untilContact("at A2", (each) => each.id === contact.id && each.level === "A2");
  await untilSaid(lead, contact.id, "verify.done");
  await caller.rtp.untilSound();
  // No second factor: on with what was shown.
  await caller.press("#");
  await caller.rtp.untilSound();
  await caller.press("1");
  await wallet.untilStatus(CUSTOMER.wangWei, "none");
  const timeline = await untilSaid(lead, contact.id, "act.unlock.done", 60);
  const reference = String(lines(timeline, "case")[0]?.reference);
  expect(lines(timeline, "wallet_act").at(-1)).toMatchObject({ operation: "unlock", outcome: "done" });
  await wallet.untilMessage(CUSTOMER.wangWei, new RegExp(reference), "sms");
  await wallet.untilMessage(CUSTOMER.wangWei, new RegExp(reference), "mail");
  expect((await wallet.ledger()).map((effect) => effect.operation)).toEqual(expect.arrayContaining(["sessions_ended", "unlock"]));
  expect(JSON.stringify(timeline), "a code stands in no record").not.toContain(code);
  await caller.hangUp();
});

test("a fraud lock is not ended by a code: the caller hears what is needed, and a case is open", async ({ world }) => {
  test.setTimeout(240_000);
  const wallet = new Wallet(world.hotline);
  const lead = await world.staff("lead1");
  const caller = await world.call({ number: CUSTOMER.chenJing });
  const contact = await opened(lead);
  await caller.press("2131");
  await caller.press("#");
  await caller.press(`${await wallet.untilCode(caller.number)}#`);
  await lead.untilContact("at A2", (each) => each.id === contact.id && each.level === "A2");
  await untilSaid(lead, contact.id, "verify.done");
  await caller.rtp.untilSound();
  await caller.press("#");
  await caller.rtp.untilSound();
  await caller.press("1");
  const timeline = await untilSaid(lead, contact.id, "act.needs_more", 60);
  expect(lines(timeline, "wallet_act").at(-1)).toMatchObject({ operation: "unlock", outcome: "needs_more" });
  expect((await wallet.customer(CUSTOMER.chenJing)).sub_status).toBe("fraud_lock");
  const reference = String(lines(timeline, "case")[0]?.reference);
  expect(await lead.get(`/api/v1/cases/${reference}`)).toMatchObject({ kind: "account", state: "open" });
  await lead.untilContact("in the queue", (each) => each.id === contact.id && each.queued_at !== null, 60);
  await caller.hangUp();
});

test("a link needs no code, goes to the registered phone alone, and a fourth one of a day is not sent", async ({ world }) => {
  test.setTimeout(240_000);
  const wallet = new Wallet(world.hotline);
  const lead = await world.staff("lead1");
  const links = async () => (await wallet.messages(CUSTOMER.wangWei)).filter((each) => /https:/.test(each.text));
  const known: string[] = [];
  for (const wanted of [1, 2, 3, 3]) {
    const caller = await world.call({ number: CUSTOMER.wangWei });
    const contact = await opened(lead, known);
    known.push(contact.id);
    await caller.press("2133");
    await caller.press("#");
    await untilSaid(lead, contact.id, "link.number");
    await caller.rtp.untilSound();
    await until(`${wanted} links`, async () => (await links()).length === wanted);
    await caller.hangUp();
    await untilSaid(lead, contact.id, "link.sent");
  }
  expect((await links()).every((each) => each.channel === "sms")).toBe(true);
});

test("an account in other hands is frozen and every device logged out by a code, and a person follows before others", async ({ world }) => {
  test.setTimeout(240_000);
  const wallet = new Wallet(world.hotline);
  const lead = await world.staff("lead1");
  const caller = await world.call({ number: CUSTOMER.amyCarter });
  const contact = await opened(lead);
  await caller.press("2141");
  await caller.press("#");
  await caller.press(`${await wallet.untilCode(caller.number)}#`);
  await lead.untilContact("at A2", (each) => each.id === contact.id && each.level === "A2");
  await untilSaid(lead, contact.id, "verify.done");
  await caller.rtp.untilSound();
  await caller.press("1");
  await wallet.untilStatus(CUSTOMER.amyCarter, "frozen_by_hotline");
  const timeline = await untilSaid(lead, contact.id, "act.secure_account.done", 60);
  await wallet.untilMessage(CUSTOMER.amyCarter, new RegExp(String(lines(timeline, "case")[0]?.reference)), "sms");
  expect((await wallet.ledger()).map((effect) => effect.operation)).toEqual(expect.arrayContaining(["sessions_ended", "device_unbound", "freeze"]));
  await lead.untilContact("in the queue", (each) => each.id === contact.id && each.queued_at !== null, 60);
  await caller.hangUp();
});
