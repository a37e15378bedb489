// The freeze and the codes when something goes wrong: whatever fails, the wallet's ledger holds one effect in the end, and none where
// the wallet refused; the caller hears one of two sentences; a guessed code helps nobody.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { assets, heard, keyed, lines, opened, pressAndHear, untilCodeAsked, untilConfirmation, untilSaid } from "../src/help.ts";
import { Sandbox } from "../src/sandbox.ts";
import type { SipCaller } from "../src/sipp.ts";
import { SqliteLock } from "../src/sqlite-lock.ts";
import type { Contact, Staff, TimelineEntry } from "../src/staff.ts";
import { expect, test, type World } from "../src/test.ts";
import { until } from "../src/wait.ts";
import { CUSTOMER, Wallet } from "../src/wallet.ts";

/** An act is asked about again with growing pauses. */
const RECONCILE_S = 150;

type Act = { id: string; act: string; state: string; correlation_id: string };
type Case = { reference: string; kind: string; state: string; operations: Act[] };

const SENTENCES = ["freeze.done", "freeze.not_yet"];
const sentences = (timeline: TimelineEntry[]) => assets(timeline).filter((asset) => SENTENCES.includes(asset));

/** A caller who has just heard the question whether to freeze Li Na's account. */
async function asked(world: World): Promise<{ wallet: Wallet; lead: Staff; caller: SipCaller; contact: Contact }> {
  const wallet = new Wallet(world.hotline);
  const lead = await world.staff("lead1");
  const caller = await world.call({ number: CUSTOMER.liNa });
  const contact = await opened(lead);
  await untilConfirmation(caller, "en");
  return { wallet, lead, caller, contact };
}

const caseOf = async (lead: Staff, id: string): Promise<Case | null> => {
  const { case: reference } = await lead.contact(id);
  if (reference === null) return null;
  // A freeze that went by the journal has its case once the store is back.
  const response = await lead.request("GET", `/api/v1/cases/${reference}`);
  return response.ok ? ((await response.json()) as Case) : null;
};

function untilCase(lead: Staff, id: string, state: string, seconds = RECONCILE_S): Promise<Case> {
  let seen: Case | null = null;
  const ask = async () => {
    seen = await caseOf(lead, id);
    return seen?.state === state ? seen : null;
  };
  return until(`the case is ${state}`, ask, seconds, () => `but ${JSON.stringify(seen)}`);
}

/** The freeze was carried out, once, and its case says so. */
async function frozenOnce(wallet: Wallet, lead: Staff, contact: Contact): Promise<Case> {
  await wallet.untilStatus(CUSTOMER.liNa, "frozen_by_hotline", RECONCILE_S);
  const closed = await untilCase(lead, contact.id, "closed");
  const ledger = await wallet.ledger();
  expect(ledger.map((effect) => effect.operation)).toEqual(["freeze"]);
  expect(closed.operations).toMatchObject([{ act: "freeze", state: "done", correlation_id: ledger[0]?.correlation_id }]);
  return closed;
}

/** And so do the record of the call and a message. */
async function frozenInTheCall(wallet: Wallet, lead: Staff, contact: Contact): Promise<void> {
  const { reference, operations } = await frozenOnce(wallet, lead, contact);
  const act = await until("the record says that it is done", async () => {
    const last = lines(await lead.timeline(contact.id), "wallet_act").at(-1);
    return last?.outcome === "done" ? last : null;
  });
  expect(act).toMatchObject({ operation: "freeze", correlation_id: operations[0]?.correlation_id });
  await wallet.untilMessage(CUSTOMER.liNa, new RegExp(reference), "sms", 60);
}

/** Every registered address of Li Na got the notice. */
async function toldEverywhere(wallet: Wallet, reference: string): Promise<void> {
  for (const channel of ["sms", "mail"] as const) await wallet.untilMessage(CUSTOMER.liNa, new RegExp(reference), channel, 60);
}

/** The record of a contact names the case and says that the freeze is done, whether or not anybody was on the line then. */
async function onRecord(lead: Staff, contact: Contact, reference: string): Promise<void> {
  const timeline = await lead.timeline(contact.id);
  expect(lines(timeline, "case")).toMatchObject([{ reference }]);
  expect(lines(timeline, "wallet_act").at(-1)).toMatchObject({ operation: "freeze", outcome: "done" });
  expect((await lead.contact(contact.id)).case).toBe(reference);
}

for (const fault of ["timeout_before", "timeout_after", "fail", "fail_after", "garbage", "down", "late", "twice", "slow"]) {
  test(`a freeze on which the wallet answers ${fault} is carried out once`, async ({ world }) => {
    test.setTimeout(300_000);
    const { wallet, lead, caller, contact } = await asked(world);
    await wallet.fault("freeze", fault, 1);
    await caller.press("1");
    const timeline = await until(
      "a sentence is said",
      async () => {
        const now = await lead.timeline(contact.id);
        return sentences(now).length > 0 ? now : null;
      },
      90,
    );
    await frozenInTheCall(wallet, lead, contact);
    const sentence = sentences(timeline)[0] ?? "";
    expect(heard(timeline, sentence)).toContain("R");
    await lead.untilContact("in the queue", (each) => each.id === contact.id && each.queued_at !== null);
    expect(sentences(await lead.timeline(contact.id)), "one sentence of the two, once").toEqual([sentence]);
    await caller.hangUp();
  });
}

test("a freeze that the wallet refuses changes nothing, is not confirmed, and stays open for a person", async ({ world }) => {
  const { wallet, lead, caller, contact } = await asked(world);
  await wallet.fault("freeze", "reject", 1);
  await caller.press("1");
  await untilSaid(lead, contact.id, "freeze.not_yet", 60);
  await lead.untilContact("in the queue", (each) => each.id === contact.id && each.queued_at !== null);
  expect(await caseOf(lead, contact.id)).toMatchObject({ kind: "freeze", state: "open" });
  expect(await wallet.ledger()).toEqual([]);
  const timeline = await lead.timeline(contact.id);
  expect(lines(timeline, "wallet_act").at(-1)).toMatchObject({ operation: "freeze", outcome: "declined" });
  expect(sentences(timeline)).toEqual(["freeze.not_yet"]);
  await caller.hangUp();
});

for (const [step, keys] of [
  ["before anybody is named", "29"],
  ["after the number was keyed", "291#"],
] as const) {
  test(`kill -9 ${step}: nothing is frozen, and the record says that the call was dropped`, async ({ world }) => {
    const wallet = new Wallet(world.hotline);
    const lead = await world.staff("lead1");
    const caller = await world.call({ number: CUSTOMER.liNa });
    const contact = await opened(lead);
    await pressAndHear(caller, keys);
    await world.hotline.crash();
    await world.hotline.run();
    const after = await world.staff("lead1");
    const dropped = await after.untilContact("that was dropped", (each) => each.id === contact.id && each.ended_at !== null);
    expect(dropped.case).toBeNull();
    expect(await wallet.ledger()).toEqual([]);
    expect(lines(await after.timeline(contact.id), "wallet_act")).toEqual([]);
  });
}

test("kill -9 after the wallet answered: once, on record, and told", async ({ world }) => {
  test.setTimeout(300_000);
  const { wallet, lead, caller, contact } = await asked(world);
  await caller.press("1");
  await untilSaid(lead, contact.id, "freeze.done", 60);
  await world.hotline.crash();
  await world.hotline.run();
  const after = await world.staff("lead1");
  const { reference } = await frozenOnce(wallet, after, contact);
  await onRecord(after, contact, reference);
});

test("kill -9 at the confirmation: what was taken is carried out once, what was not is not there", async ({ world }) => {
  test.setTimeout(300_000);
  const { wallet, lead, caller, contact } = await asked(world);
  await caller.press("1");
  await world.hotline.crash();
  await world.hotline.run();
  const after = await world.staff("lead1");
  await after.untilContact("that was dropped", (each) => each.id === contact.id && each.ended_at !== null);
  const auditor = await world.staff("auditor1");
  const audit = await auditor.audit(contact.id);
  if (audit.some((entry) => entry.action === "freeze.asked")) {
    const { reference } = await frozenOnce(wallet, after, contact);
    await onRecord(after, contact, reference);
  } else {
    expect(await wallet.ledger(), "nothing was taken").toEqual([]);
  }
  expect(lead.me.role).toBe(after.me.role);
});

test("kill -9 while the wallet has acted and not answered: still once", async ({ world }) => {
  test.setTimeout(300_000);
  const { wallet, caller, contact } = await asked(world);
  await wallet.fault("freeze", "timeout_after", 1);
  await caller.press("1");
  await until("the wallet has acted", async () => (await wallet.ledger()).length === 1);
  await world.hotline.crash();
  await world.hotline.run();
  const lead1 = await world.staff("lead1");
  const { reference } = await frozenOnce(wallet, lead1, contact);
  await onRecord(lead1, contact, reference);
});

test("kill -9 while the wallet was asked and has not acted: once in the end", async ({ world }) => {
  test.setTimeout(300_000);
  const { wallet, lead, caller, contact } = await asked(world);
  await wallet.fault("freeze", "timeout_before", 1);
  await caller.press("1");
  await until("the freeze is on record", () => caseOf(lead, contact.id));
  expect(await wallet.ledger()).toEqual([]);
  await world.hotline.crash();
  await world.hotline.run();
  const lead1 = await world.staff("lead1");
  const { reference } = await frozenOnce(wallet, lead1, contact);
  await onRecord(lead1, contact, reference);
});

test.describe("with the wallet as its own process", () => {
  const behind = { current: undefined as Sandbox | undefined };
  test.use({
    options: async ({}, use) => {
      const sandbox = await Sandbox.start();
      behind.current = sandbox;
      await use({ config: sandbox.config() });
      await sandbox.close();
    },
  });

  test("a wallet that is gone before anybody is named and comes back acts once", async ({ world }) => {
    test.setTimeout(300_000);
    const wallet = new Wallet(world.hotline);
    const lead = await world.staff("lead1");
    const caller = await world.call({ number: CUSTOMER.liNa });
    const contact = await opened(lead);
    await behind.current?.crash();
    await untilConfirmation(caller, "en");
    await caller.press("1");
    await untilSaid(lead, contact.id, "freeze.not_yet", 90);
    await behind.current?.run();
    await frozenInTheCall(wallet, lead, contact);
    await onRecord(lead, contact, (await caseOf(lead, contact.id))?.reference ?? "no case");
    await caller.hangUp();
  });

  test("a wallet that is gone after it answered and comes back has acted once", async ({ world }) => {
    test.setTimeout(300_000);
    const { wallet, lead, caller, contact } = await asked(world);
    await caller.press("1");
    await untilSaid(lead, contact.id, "freeze.done", 90);
    await behind.current?.crash();
    await behind.current?.run();
    await frozenInTheCall(wallet, lead, contact);
    await onRecord(lead, contact, (await caseOf(lead, contact.id))?.reference ?? "no case");
    await caller.hangUp();
  });

  test("a wallet that is gone before the confirmation and comes back acts once", async ({ world }) => {
    test.setTimeout(300_000);
    const { wallet, lead, caller, contact } = await asked(world);
    await behind.current?.crash();
    await caller.press("1");
    await untilSaid(lead, contact.id, "freeze.not_yet", 90);
    await behind.current?.run();
    await frozenInTheCall(wallet, lead, contact);
    expect(sentences(await lead.timeline(contact.id))).toEqual(["freeze.not_yet"]);
    await caller.hangUp();
  });

  test("a wallet that is gone after it acted and comes back has acted once", async ({ world }) => {
    test.setTimeout(300_000);
    const { wallet, lead, caller, contact } = await asked(world);
    await wallet.fault("freeze", "timeout_after", 1);
    await caller.press("1");
    await until("the wallet has acted", async () => (await wallet.ledger()).length === 1);
    await behind.current?.crash();
    await untilSaid(lead, contact.id, "freeze.not_yet", 90);
    await behind.current?.run();
    await frozenInTheCall(wallet, lead, contact);
    await caller.hangUp();
  });

  test("when both are gone and come back, the freeze is carried out once", async ({ world }) => {
    test.setTimeout(300_000);
    const { wallet, lead, caller, contact } = await asked(world);
    await wallet.fault("freeze", "timeout_before", 1);
    await caller.press("1");
    await until("the freeze is on record", () => caseOf(lead, contact.id));
    await Promise.all([behind.current?.crash(), world.hotline.crash()]);
    await behind.current?.run();
    await world.hotline.run();
    await frozenOnce(wallet, await world.staff("lead1"), contact);
  });
});

test("while the store takes no writes a freeze is done, and is on record afterwards", async ({ world }) => {
  test.setTimeout(300_000);
  const { wallet, lead, caller, contact } = await asked(world);
  const journal = join(world.hotline.folder, "data/journal/freezes.jsonl");
  const lock = await SqliteLock.take(world.hotline);
  try {
    await caller.press("1");
    await wallet.untilStatus(CUSTOMER.liNa, "frozen_by_hotline", 90);
    expect(existsSync(journal), "the journal is written first").toBe(true);
    const written = readFileSync(journal, "utf8");
    expect(written).toContain((await wallet.ledger())[0]?.correlation_id ?? "no effect");
    expect(written, "no number in the journal").not.toContain("19000000001");
  } finally {
    await lock.release();
  }
  const { operations, reference } = await frozenOnce(wallet, lead, contact);
  await toldEverywhere(wallet, reference);
  await until("the journal is empty again", () => readFileSync(journal, "utf8") === "", 60);
  await lead.untilContact("in the queue", (each) => each.id === contact.id && each.queued_at !== null, 60);
  expect(sentences(await lead.timeline(contact.id))).toHaveLength(1);
  const auditor = await world.staff("auditor1");
  const audit = await auditor.audit(operations[0]?.id ?? "");
  expect(audit.find((entry) => entry.action === "freeze.replayed")?.purpose).toBe("emergency");
  await caller.hangUp();
});

test("after a crash while the store takes no writes, after the wallet acted: once, told at every address, and on record", async ({ world }) => {
  test.setTimeout(300_000);
  const { wallet, caller, contact } = await asked(world);
  const journal = join(world.hotline.folder, "data/journal/freezes.jsonl");
  const lock = await SqliteLock.take(world.hotline);
  try {
    await caller.press("1");
    await wallet.untilStatus(CUSTOMER.liNa, "frozen_by_hotline", 90);
    await world.hotline.crash();
  } finally {
    await lock.release();
  }
  const written = readFileSync(journal, "utf8");
  expect(written, "no number in the journal").not.toContain("19000000001");
  const reference = /R\d{9}/.exec(written)?.[0] ?? "";
  await world.hotline.run();
  const lead = await world.staff("lead1");
  const closed = await frozenOnce(wallet, lead, contact);
  expect(closed).toMatchObject({ kind: "freeze", reference });
  await toldEverywhere(wallet, reference);
  await onRecord(lead, contact, reference);
  await until("nothing is left of the number", () => readFileSync(journal, "utf8") === "", 60);
});

test("a caller who hangs up before the wallet answers finds it all on record", async ({ world }) => {
  test.setTimeout(300_000);
  const { wallet, lead, caller, contact } = await asked(world);
  await wallet.fault("freeze", "timeout_before", 1);
  await caller.press("1");
  await until("the freeze is on record", () => caseOf(lead, contact.id));
  await caller.hangUp();
  await lead.untilContact("that is over", (each) => each.id === contact.id && each.ended_at !== null);
  const { reference } = await frozenOnce(wallet, lead, contact);
  await onRecord(lead, contact, reference);
  await toldEverywhere(wallet, reference);
});

/** Keys codes one by one; after each the next question is heard. */
async function guess(caller: SipCaller, codes: string[]): Promise<void> {
  for (const code of codes) await pressAndHear(caller, `${code}#`);
}

/** Codes that are not `code`. */
const wrong = (code: string, count: number) => ["111111", "222222", "333333", "444444"].filter((each) => each !== code).slice(0, count);

test("three wrong codes in one contact lead to a person, and nobody is verified", async ({ world }) => {
  const wallet = new Wallet(world.hotline);
  const lead = await world.staff("lead1");
  const caller = await world.call({ number: CUSTOMER.liNa });
  const contact = await opened(lead);
  await untilCodeAsked(caller, "en");
  const code = await wallet.untilCode(CUSTOMER.liNa);
  await guess(caller, wrong(code, 3));
  const record = await lead.untilContact("in the queue", (each) => each.queued_at !== null);
  expect(record).toMatchObject({ id: contact.id, level: "A1" });
  expect(keyed(await lead.timeline(contact.id)).filter((digits) => digits === "••••••")).toHaveLength(3);
  await caller.hangUp();
});

test("five wrong codes over two contacts block an account's codes, and its owner is told", async ({ world }) => {
  test.setTimeout(180_000);
  const wallet = new Wallet(world.hotline);
  const lead = await world.staff("lead1");
  const first = await world.call({ number: CUSTOMER.liNa });
  const { id } = await opened(lead);
  await untilCodeAsked(first, "en");
  const code = await wallet.untilCode(CUSTOMER.liNa);
  await guess(first, wrong(code, 3));
  await lead.untilContact("in the queue", (each) => each.queued_at !== null);
  await first.hangUp();
  // The next code is sent a minute after the last at the earliest.
  await wallet.advance(61);

  const second = await world.call({ number: CUSTOMER.liNa });
  const contact = await opened(lead, [id]);
  await untilCodeAsked(second, "en");
  const right = await wallet.untilCode(CUSTOMER.liNa, [code]);
  await guess(second, wrong(right, 2));
  await wallet.untilMessage(CUSTOMER.liNa, /No codes are sent for 24 hours/, "sms");
  await second.press(`${right}#`);
  const record = await lead.untilContact("in the queue", (each) => each.id === contact.id && each.queued_at !== null);
  expect(record.level, "the right code is refused now").toBe("A1");
  await second.hangUp();
});

test("a code is good once", async ({ world }) => {
  const wallet = new Wallet(world.hotline);
  const lead = await world.staff("lead1");
  const first = await world.call({ number: CUSTOMER.liNa });
  const { id } = await opened(lead);
  await untilCodeAsked(first, "en");
  const code = await wallet.untilCode(CUSTOMER.liNa);
  await first.press(`${code}#`);
  await lead.untilContact("at A2", (each) => each.id === id && each.level === "A2");
  await first.hangUp();
  const second = await world.call({ number: CUSTOMER.liNa });
  const contact = await opened(lead, [id]);
  await untilCodeAsked(second, "en");
  await guess(second, [code]);
  await second.press("#");
  await untilSaid(lead, contact.id, "verify.code.wrong");
  expect((await lead.contact(contact.id)).level).toBe("A1");
  await second.hangUp();
});

test("the sixth account from one number is frozen by a person", async ({ world }) => {
  test.setTimeout(240_000);
  const wallet = new Wallet(world.hotline);
  const lead = await world.staff("lead1");
  const number = "+8619055500000";
  const known: string[] = [];
  for (const last of ["1", "2", "3", "4", "5", "6"]) {
    const caller = await world.call({ number });
    const contact = await opened(lead, known);
    known.push(contact.id);
    await untilConfirmation(caller, "en", `1905550000${last}`);
    await caller.press("1");
    if (last === "6") {
      await untilSaid(lead, contact.id, "freeze.limit");
      await lead.untilContact("in the queue", (each) => each.id === contact.id && each.queued_at !== null);
      expect(sentences(await lead.timeline(contact.id))).toEqual([]);
    } else {
      await until("the freeze is on record", () => caseOf(lead, contact.id));
    }
    await caller.hangUp();
  }
  expect(await wallet.ledger()).toEqual([]);
});
