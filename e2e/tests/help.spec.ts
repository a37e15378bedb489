// The two calls that matter most, by keypad: where is my money, and stop everything. What the caller heard is read in the record, what
// the wallet did in its ledger, what the customer was told on the demo phone.

import { assets, heard, KEY, keyed, lines, opened, untilSaid, verify } from "../src/help.ts";
import { expect, test } from "../src/test.ts";
import { CUSTOMER, TRANSACTION, Wallet } from "../src/wallet.ts";

for (const language of ["zh-CN", "en"] as const) {
  test(`the status of a transaction by its number, in ${language}`, async ({ world }) => {
    const wallet = new Wallet(world.hotline);
    const lead = await world.staff("lead1");
    const caller = await world.call({ number: CUSTOMER.liNa });
    const contact = await opened(lead);
    const code = await verify(wallet, caller, language, "");
    await lead.untilContact("at A2", (each) => each.level === "A2");
    await caller.press(`${TRANSACTION.onTime}#`);
    await untilSaid(lead, contact.id, "status.on_time");
    await caller.press("2");
    const text = await wallet.untilMessage(CUSTOMER.liNa, /000123/);
    await caller.press("1");
    await caller.press(`${TRANSACTION.overdue.slice(-6)}#`);
    const timeline = await untilSaid(lead, contact.id, "status.case", 40);
    expect(heard(timeline, "status.on_time")).toContain("000123".slice(0, 3));
    expect(text.channel).toBe("sms");
    const record = await lead.contact(contact.id);
    expect(record).toMatchObject({ level: "A2", language, service: "transactions" });
    const reference = /R\d{9}/.exec((await wallet.untilMessage(CUSTOMER.liNa, /R\d{9}/)).text)?.[0] ?? "";
    expect(await lead.get(`/api/v1/cases/${reference}`)).toMatchObject({ kind: "transaction_overdue", state: "open", transaction: TRANSACTION.overdue });
    expect(lines(timeline, "verified").at(-1)).toMatchObject({ factor: "sms_code", to: "A2" });
    expect(JSON.stringify(timeline), "a code stands in no record").not.toContain(code);
    expect(keyed(timeline).join(" ")).toContain("••••••");
    await caller.press("0");
    await lead.untilContact("in the queue", (each) => each.queued_at !== null);
    await caller.hangUp();
  });

  test(`an emergency freeze from the first key on, in ${language}`, async ({ world }) => {
    const wallet = new Wallet(world.hotline);
    const lead = await world.staff("lead1");
    const caller = await world.call({ number: CUSTOMER.liNa });
    const contact = await opened(lead);
    await caller.press(`${KEY[language]}9`);
    await caller.press("1#");
    await untilSaid(lead, contact.id, "freeze.own").catch(() => undefined);
    await caller.press("1");
    await wallet.untilStatus(CUSTOMER.liNa, "frozen_by_hotline");
    const timeline = await untilSaid(lead, contact.id, "freeze.done", 40);
    const sms = await wallet.untilMessage(CUSTOMER.liNa, /R\d{9}/, "sms");
    const mail = await wallet.untilMessage(CUSTOMER.liNa, /R\d{9}/, "mail");
    const reference = /R\d{9}/.exec(sms.text)?.[0] ?? "";
    expect(mail.text).toContain(reference);
    const ledger = await wallet.ledger();
    expect(ledger.map((effect) => effect.operation)).toEqual(["freeze"]);
    expect(lines(timeline, "wallet_act")).toMatchObject([{ operation: "freeze", outcome: "done", correlation_id: ledger[0]?.correlation_id }]);
    const queued = await lead.untilContact("in the queue", (each) => each.queued_at !== null);
    expect(queued).toMatchObject({ service: "freeze", case: reference });
    expect(await lead.get(`/api/v1/cases/${reference}`)).toMatchObject({ kind: "freeze", state: "closed" });
    await caller.hangUp();
  });
}

test("a payment on its way is watched by a key, and its customer is told when it moves", async ({ world }) => {
  const wallet = new Wallet(world.hotline);
  const lead = await world.staff("lead1");
  const caller = await world.call({ number: CUSTOMER.liNa });
  const contact = await opened(lead);
  await verify(wallet, caller, "en", "");
  await lead.untilContact("at A2", (each) => each.level === "A2");
  await caller.press(`${TRANSACTION.onTime}#`);
  await untilSaid(lead, contact.id, "status.watch", 40);
  await caller.press("3");
  const timeline = await untilSaid(lead, contact.id, "status.watched", 40);
  expect(lines(timeline, "wallet_act").at(-1)).toMatchObject({ operation: "watch_transaction", outcome: "started" });
  await caller.hangUp();
  // Meanwhile the demo's wallet carries it out.
  await wallet.advance(14 * 24 * 3_600);
  const told = await wallet.untilMessage(CUSTOMER.liNa, new RegExp(TRANSACTION.onTime.slice(-6)), "sms", 40);
  expect(told.text).toMatch(/arrived/);
});

test("hanging up after the confirmation does not take a freeze back", async ({ world }) => {
  const wallet = new Wallet(world.hotline);
  await wallet.fault("freeze", "slow", 1);
  const caller = await world.call({ number: CUSTOMER.amyCarter });
  await caller.press("29");
  await caller.press("1#");
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await caller.press("1");
  await caller.hangUp();
  await wallet.untilStatus(CUSTOMER.amyCarter, "frozen_by_hotline", 40);
  expect(await wallet.ledger()).toHaveLength(1);
});

test("a number without an account is frozen in the same words, and nothing happens", async ({ world }) => {
  const wallet = new Wallet(world.hotline);
  const lead = await world.staff("lead1");
  const caller = await world.call({ number: "+8619055500000" });
  const contact = await opened(lead);
  await caller.press("29");
  await caller.press("19055500001#");
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await caller.press("1");
  const timeline = await untilSaid(lead, contact.id, "freeze.done", 40);
  expect(heard(timeline, "freeze.done")).toMatch(/R/);
  expect(await wallet.ledger()).toEqual([]);
  await caller.hangUp();
});

test("after a SIM swap no code is sent, and three tries lead to a person at A1", async ({ world }) => {
  const wallet = new Wallet(world.hotline);
  const lead = await world.staff("lead1");
  const caller = await world.call({ number: CUSTOMER.zhaoLei });
  const contact = await opened(lead);
  await caller.press("221");
  await caller.press("#");
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  for (const guess of ["111111#", "222222#", "333333#"]) {
    await caller.press(guess);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const record = await lead.untilContact("in the queue", (each) => each.queued_at !== null, 60);
  expect(record.level).toBe("A1");
  expect(await wallet.messages(CUSTOMER.zhaoLei)).toEqual([]);
  const timeline = await lead.timeline(contact.id);
  expect(assets(timeline)).toEqual(expect.arrayContaining(["verify.phone", "verify.code", "verify.code.wrong"]));
  await caller.hangUp();
});

test("somebody else's transaction is not found, like one that is not there", async ({ world }) => {
  const wallet = new Wallet(world.hotline);
  const lead = await world.staff("lead1");
  const caller = await world.call({ number: CUSTOMER.amyCarter, line: "8001" });
  const contact = await opened(lead);
  await verify(wallet, caller, "en", "07700900003");
  await caller.press(`${TRANSACTION.completed}#`);
  await untilSaid(lead, contact.id, "status.not_found");
  await caller.press("261101000015#");
  await untilSaid(lead, contact.id, "status.id.wrong");
  await caller.press("000741#");
  await untilSaid(lead, contact.id, "status.menu", 40);
  await caller.hangUp();
});
