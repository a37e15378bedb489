// Questions to the wallet that go wrong while a caller is on the line: who has a number, and what became of a transaction. Whatever the
// wallet answers or leaves out, the caller hears a true sentence, is led to a person or goes on, and nobody is told a status that the
// wallet did not give.

import { assets, lines, opened, pressAndHear, untilCodeAsked, untilSaid, verify } from "../src/help.ts";
import { expect, test } from "../src/test.ts";
import { CUSTOMER, TRANSACTION, Wallet } from "../src/wallet.ts";

/** More than any dialogue asks: the fault lasts for the whole call. */
const LASTING = 20;

/** What is said of a transaction once the wallet told it. */
const VERDICTS = ["status.completed", "status.on_time", "status.late", "status.overdue", "status.refund_due", "status.failed", "status.unknown"];

for (const fault of ["fail", "garbage", "down", "timeout_before", "timeout_after"]) {
  test(`a transaction about which the wallet answers ${fault} leads to a person, and no status is told`, async ({ world }) => {
    test.setTimeout(180_000);
    const wallet = new Wallet(world.hotline);
    const lead = await world.staff("lead1");
    const caller = await world.call({ number: CUSTOMER.liNa });
    const contact = await opened(lead);
    await verify(wallet, caller, "en", "");
    await lead.untilContact("at A2", (each) => each.level === "A2");
    await wallet.fault("transactions", fault, LASTING);
    await caller.press(`${TRANSACTION.onTime}#`);
    const timeline = await untilSaid(lead, contact.id, "status.unavailable", 60);
    await lead.untilContact("in the queue", (each) => each.id === contact.id && each.queued_at !== null, 60);
    expect(assets(timeline).filter((asset) => VERDICTS.includes(asset) || asset === "status.not_found")).toEqual([]);
    expect(lines(timeline, "wallet_act"), "nothing is on record that the wallet did not say").toEqual([]);
    await caller.hangUp();
  });

  test(`a code for which the wallet answers ${fault} is asked for in the same words, and nobody is verified`, async ({ world }) => {
    test.setTimeout(180_000);
    const wallet = new Wallet(world.hotline);
    const lead = await world.staff("lead1");
    await wallet.fault("account", fault, LASTING);
    const caller = await world.call({ number: CUSTOMER.liNa });
    const contact = await opened(lead);
    await untilCodeAsked(caller, "en");
    for (const guess of ["111111#", "222222#"]) await pressAndHear(caller, guess);
    await caller.press("333333#");
    const record = await lead.untilContact("in the queue", (each) => each.id === contact.id && each.queued_at !== null, 60);
    expect(record.level).toBe("A1");
    expect(await wallet.messages(CUSTOMER.liNa), "no code went out").toEqual([]);
    expect(assets(await lead.timeline(contact.id))).toEqual(expect.arrayContaining(["verify.code", "verify.code.wrong"]));
    await caller.hangUp();
  });
}

test("a wallet that is slow about everything costs time and no answer", async ({ world }) => {
  test.setTimeout(180_000);
  const wallet = new Wallet(world.hotline);
  const lead = await world.staff("lead1");
  await wallet.fault("account", "slow", 2);
  const caller = await world.call({ number: CUSTOMER.liNa });
  const contact = await opened(lead);
  await verify(wallet, caller, "en", "");
  await lead.untilContact("at A2", (each) => each.level === "A2", 60);
  await wallet.fault("transactions", "slow", 1);
  await caller.press(`${TRANSACTION.onTime}#`);
  const timeline = await untilSaid(lead, contact.id, "status.on_time", 60);
  expect(lines(timeline, "wallet_act")).toMatchObject([{ operation: "transaction_status", outcome: "on_time" }]);
  await caller.hangUp();
});
