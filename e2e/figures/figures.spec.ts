// How long it takes from the answer of a call to a frozen account, and to the status of a transaction: for a caller who presses the
// next key as soon as each prompt begins, and for one who listens to each prompt to its end. Every figure is read in the record.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { assets, lines } from "../src/help.ts";
import type { SipCaller } from "../src/sipp.ts";
import type { Contact, Staff, TimelineEntry } from "../src/staff.ts";
import { expect, test, type World } from "../src/test.ts";
import { until } from "../src/wait.ts";
import { CUSTOMER, Wallet } from "../src/wallet.ts";

const OUT = join(dirname(fileURLToPath(import.meta.url)), "../out/figures");
const CALLS = Number(process.env.FIGURES_CALLS ?? 10);
/** So many that the machine is not what is measured. */
const AT_ONCE = 5;
/** Codes are counted per account and day. */
const BETWEEN_ROUNDS_S = 9_000;

type Caller = { phone: SipCaller; contact: Contact; lead: Staff };
type Figure = { total_s: number; heard_s: number; rest_s: number; last_key_s: number };

const seconds = (from: unknown, to: unknown) => (Date.parse(String(to)) - Date.parse(String(from))) / 1000;

/** Waits until so many prompts of this name were said; resolves at once for a caller who does not listen. */
async function listen({ lead, contact }: Caller, asset: string, count = 1): Promise<void> {
  let seen = "";
  const ask = async () => {
    const said = assets(await lead.timeline(contact.id));
    seen = said.join(" ");
    return said.filter((each) => each === asset).length >= count;
  };
  await until(`${asset} was said`, ask, 90, () => `but ${seen}`);
}

async function dialled(world: World, lead: Staff, numbers: string[]): Promise<Caller[]> {
  const known = (await lead.contacts(100)).map((each) => each.id);
  const callers: Caller[] = [];
  for (const number of numbers) {
    const phone = await world.call({ number });
    const contact = await lead.untilContact("that is live", (each) => each.answered_at !== null && !known.includes(each.id));
    known.push(contact.id);
    callers.push({ phone, contact, lead });
  }
  return callers;
}

/** From the answer to `end`: in all, prompts heard in it, the rest, and the part of the rest after the last key. */
async function figure(caller: Caller, end: unknown): Promise<Figure> {
  const { answered_at: answered } = await caller.lead.contact(caller.contact.id);
  const timeline = await caller.lead.timeline(caller.contact.id);
  const before = (at: unknown) => seconds(at, end) >= 0;
  const heard = lines(timeline, "said").filter((entry) => before(entry.started_at));
  const heardS = heard.reduce((sum, entry) => sum + Math.min(seconds(entry.started_at, entry.ended_at), seconds(entry.started_at, end)), 0);
  const last = lines(timeline, "keyed").filter((entry) => before(entry.at)).at(-1);
  const total = seconds(answered, end);
  return { total_s: total, heard_s: heardS, rest_s: total - heardS, last_key_s: seconds(last?.at, end) };
}

const confirmed = (timeline: TimelineEntry[]) => lines(timeline, "wallet_act").find((entry) => entry.outcome === "done");

async function freeze(caller: Caller, listens: boolean): Promise<Figure> {
  const { phone } = caller;
  const keys: [string, string, number][] = listens
    ? [["language", "2", 2], ["menu.main", "9", 1], ["freeze.own", "1#", 1], ["freeze.confirm", "1", 1]]
    : [["language", "9", 0], ["freeze.own", "1#", 0], ["freeze.confirm", "1", 0]];
  for (const [asset, key, count] of keys) {
    await phone.rtp.untilSound();
    if (listens) await listen(caller, asset, count);
    await phone.press(key);
  }
  const act = await until("the wallet has confirmed", async () => confirmed(await caller.lead.timeline(caller.contact.id)) ?? null, 60);
  return figure(caller, act.at);
}

async function status(caller: Caller, wallet: Wallet, transaction: string, known: string[], listens: boolean): Promise<Figure> {
  const { phone } = caller;
  const step = async (asset: string, key: string, count = 1) => {
    await phone.rtp.untilSound();
    if (listens) await listen(caller, asset, count);
    await phone.press(key);
  };
  await step("language", "2", 2);
  await step("menu.main", "2");
  await step("menu.transactions", "1");
  await step("verify.phone", "#");
  await phone.rtp.untilSound();
  if (listens) await listen(caller, "verify.code");
  const code = await wallet.untilCode(phone.number, known);
  known.push(code);
  await phone.press(`${code}#`);
  await phone.rtp.untilSound();
  if (listens) await listen(caller, "status.id");
  else await caller.lead.untilContact("at A2", (each) => each.id === caller.contact.id && each.level === "A2");
  await phone.press(`${transaction}#`);
  const find = async () => lines(await caller.lead.timeline(caller.contact.id), "said").find((entry) => /^status\.(completed|on_time|late|overdue|refund_due|failed|unknown)$/.test(String(entry.asset))) ?? null;
  const said = await until("the status is said", find, 60);
  return figure(caller, said.started_at);
}

function keep(name: string, figures: Figure[]): void {
  const of = (key: keyof Figure) => {
    const sorted = figures.map((each) => each[key]).toSorted((a, b) => a - b);
    const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
    return `${at(0)} / ${at(0.5)} / ${at(1)}`;
  };
  const row = `| ${name} | ${figures.length} | ${of("total_s")} | ${of("heard_s")} | ${of("rest_s")} | ${of("last_key_s")} |`;
  mkdirSync(OUT, { recursive: true });
  writeFileSync(join(OUT, `${name.replace(/[^a-z]+/g, "-")}.md`), `${row}\n`);
  writeFileSync(join(OUT, `${name.replace(/[^a-z]+/g, "-")}.json`), JSON.stringify(figures, null, 1));
  console.log(row);
}

for (const listens of [false, true]) {
  const who = listens ? "listens to the end" : "knows the keys";

  test(`freeze, ${who}`, async ({ world }) => {
    const wallet = new Wallet(world.hotline);
    const figures: Figure[] = [];
    while (figures.length < CALLS) {
      await wallet.reset();
      const lead = await world.staff("lead1");
      const callers = await dialled(world, lead, Object.values(CUSTOMER).slice(0, AT_ONCE));
      figures.push(...(await Promise.all(callers.map((caller) => freeze(caller, listens)))));
      await Promise.all(callers.map(({ phone }) => phone.hangUp()));
    }
    expect(figures.length).toBeGreaterThanOrEqual(CALLS);
    keep(`freeze, ${who}`, figures);
  });

  test(`status, ${who}`, async ({ world }) => {
    const wallet = new Wallet(world.hotline);
    const figures: Figure[] = [];
    const known: string[] = [];
    while (figures.length < CALLS) {
      const lead = await world.staff("lead1");
      const customers = (await wallet.customers()).filter((each) => each.transactions.length > 0 && each.msisdn !== CUSTOMER.zhaoLei);
      const callers = await dialled(world, lead, customers.map((each) => each.msisdn));
      const transaction = (caller: Caller) => customers.find((each) => each.msisdn === caller.phone.number)?.transactions[0]?.id ?? "";
      figures.push(...(await Promise.all(callers.map((caller) => status(caller, wallet, transaction(caller), known, listens)))));
      await Promise.all(callers.map(({ phone }) => phone.hangUp()));
      await wallet.advance(BETWEEN_ROUNDS_S);
    }
    expect(figures.length).toBeGreaterThanOrEqual(CALLS);
    keep(`status, ${who}`, figures);
  });
}
