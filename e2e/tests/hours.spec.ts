// Calls at closing time, on a holiday and the weekend day worked to make up for it, and across midnight, by the demo's clock; what works
// while nobody is there; and the pages that tell strangers of it.

import { axe, axeInBothThemes } from "../src/axe.ts";
import { assets, KEY, opened, untilSaid } from "../src/help.ts";
import type { Staff } from "../src/staff.ts";
import { expect, test, type World } from "../src/test.ts";
import { until } from "../src/wait.ts";
import { CUSTOMER, Wallet } from "../src/wallet.ts";
import { LANGUAGES } from "../src/words.ts";

const DAY_MS = 86_400_000;
/** China's clocks: eight hours ahead all year. */
const AHEAD_MS = 8 * 3_600_000;

/** A day there, so many days after another. */
const date = (ms: number) => new Date(ms + AHEAD_MS).toISOString().slice(0, 10);
/** The first Monday from the day after tomorrow on: a holiday here, and the Saturday of its week makes up for it. */
const monday = (() => {
  let ms = Date.now() + 2 * DAY_MS;
  while (new Date(ms + AHEAD_MS).getUTCDay() !== 1) ms += DAY_MS;
  return ms;
})();
const [holiday, tuesday, workday] = [date(monday), date(monday + DAY_MS), date(monday + 5 * DAY_MS)];

/** A calendar that knows the years around now, and a plan of its own. */
function files(): Record<string, string> {
  const years = [...new Set([date(Date.now()), holiday, workday, date(monday + 30 * DAY_MS)].map((day) => day.slice(0, 4)))];
  const of = (days: string[], year: string) => JSON.stringify(days.filter((day) => day.startsWith(year)));
  const year = (each: string) =>
    `[years.${each}]\nsource = "a test"\nmark = "D"\nchecked_on = "2026-11-27"\nholidays = ${of([holiday], each)}\nworkdays = ${of([workday], each)}\n`;
  return {
    "data/calendars/cn.toml": `id = "cn"\ntime_zone = "Asia/Shanghai"\nweekend = ["saturday", "sunday"]\n${years.map(year).join("")}`,
    "data/hours/jinqiao.toml":
      'id = "jinqiao"\ncalendar = "cn"\n[people]\nevery_day = ["09:00-22:00"]\nsaturday = []\nsunday = []\n[services.transactions]\nevery_day = ["09:00-02:00"]\n',
  };
}

test.use({ options: { files: files() } });

/** Puts the demo's clock forward to a time in China. By then whoever was logged in is logged out: a supervisor logs in again. */
async function clockShows(world: World, wallet: Wallet, day: string, time: string): Promise<Staff> {
  const { at } = (await (await fetch(`${world.hotline.origin}/api/public/hours?line=8000`)).json()) as { at: string };
  const seconds = Math.round((Date.parse(`${day}T${time}+08:00`) - Date.parse(at)) / 1000);
  await wallet.advance(seconds);
  return world.staff("lead1");
}

test("whoever waits at closing time stays, whoever asks after it is told", async ({ world }) => {
  const wallet = new Wallet(world.hotline);
  await wallet.hold("8000", "planned");
  const lead = await clockShows(world, wallet, tuesday, "21:59:00");
  const early = await world.call({ number: CUSTOMER.liNa });
  const first = await opened(lead);
  await early.press(`${KEY.en}0`);
  await lead.untilContact("in the queue", (each) => each.queued_at !== null);
  await wallet.advance(60);
  const late = await world.call({ number: CUSTOMER.wangWei });
  const second = await opened(lead, [first.id]);
  await late.press(KEY.en);
  await untilSaid(lead, second.id, "line.back.tomorrow", 40);
  await late.press("0");
  await untilSaid(lead, second.id, "callback.own", 60);
  expect((await lead.contact(second.id)).queued_at, "nobody waits for people who went home").toBeNull();
  expect(await lead.contact(first.id)).toMatchObject({ ended_at: null });
  await late.hangUp();
  await early.hangUp();
});

test("a holiday, and the weekend day worked to make up for it", async ({ world }) => {
  const wallet = new Wallet(world.hotline);
  await wallet.hold("8000", "planned");
  let lead = await clockShows(world, wallet, holiday, "11:00:00");
  const caller = await world.call({ number: CUSTOMER.liNa });
  const first = await opened(lead);
  await caller.press(KEY["zh-CN"]);
  const timeline = await untilSaid(lead, first.id, "line.back.tomorrow", 40);
  expect(assets(timeline)).toContain("line.holiday");
  await caller.hangUp();
  lead = await clockShows(world, wallet, workday, "11:00:00");
  const other = await world.call({ number: CUSTOMER.liNa });
  const second = await opened(lead, [first.id]);
  await other.press(`${KEY["zh-CN"]}0`);
  await lead.untilContact("in the queue", (each) => each.id === second.id && each.queued_at !== null);
  await other.hangUp();
});

test("across midnight: transactions are still served, everything else is not", async ({ world }) => {
  const wallet = new Wallet(world.hotline);
  await wallet.hold("8000", "planned");
  const lead = await clockShows(world, wallet, tuesday, "23:58:00");
  const before = await world.call({ number: CUSTOMER.liNa });
  const first = await opened(lead);
  await before.press(KEY.en);
  await untilSaid(lead, first.id, "line.back.tomorrow", 40);
  await wallet.advance(300);
  await before.press("20");
  await lead.untilContact("in the queue", (each) => each.id === first.id && each.queued_at !== null);
  const after = await world.call({ number: CUSTOMER.wangWei });
  const second = await opened(lead, [first.id]);
  await after.press(KEY.en);
  await untilSaid(lead, second.id, "line.back.today", 40);
  await after.hangUp();
  await before.hangUp();
});

test("a freeze asks nobody whether the line is open", async ({ world }) => {
  const wallet = new Wallet(world.hotline);
  const lead = await world.staff("lead1");
  await wallet.hold("8000", "holiday");
  const caller = await world.call({ number: CUSTOMER.liNa });
  const contact = await opened(lead);
  await caller.press(`${KEY.en}9`);
  await caller.press("1#");
  await caller.press("1");
  await wallet.untilStatus(CUSTOMER.liNa, "frozen_by_hotline");
  await untilSaid(lead, contact.id, "freeze.done", 40);
  await caller.hangUp();
});

test("a call back asked for on the phone becomes a case that agents find, take and finish", async ({ world }) => {
  const wallet = new Wallet(world.hotline);
  const lead = await world.staff("lead1");
  const agent = await world.staff("agent1");
  await wallet.hold("8000", "closed");
  const caller = await world.call({ number: CUSTOMER.liNa });
  const contact = await opened(lead);
  await caller.press(`${KEY.en}0`);
  await caller.press("1");
  await untilSaid(lead, contact.id, "callback.own", 40).catch(() => undefined);
  await caller.press("1");
  const { text } = await wallet.untilMessage(CUSTOMER.liNa, /R\d{9}/);
  const reference = /R\d{9}/.exec(text)?.[0] ?? "";
  const timeline = await untilSaid(lead, contact.id, "callback.taken", 40);
  expect(JSON.stringify(timeline), "no number stands in the record").not.toContain(CUSTOMER.liNa.slice(3));
  await caller.hangUp();
  await lead.untilContact("ended", (each) => each.id === contact.id && each.disposition === "callback_booked");
  expect(await agent.get(`/api/v1/cases/${reference}`)).toMatchObject({ kind: "callback", state: "open", contacts: [contact.id] });

  const desk = await world.desk("agent1");
  const { staff, problems } = desk.words;
  const waiting = desk.page.locator(`[data-callback="${reference}"]`);
  const press = (name: string) => waiting.getByRole("button", { name }).press("Enter");
  await expect(waiting).toContainText("+86 190****0001");
  await axe(desk.page, "somebody waits");
  // Somebody was faster, and forgot it: after an hour it is anybody's again.
  const other = await world.staff("agent2");
  expect((await other.request("POST", `/api/v1/callbacks/${reference}/take`)).status).toBe(200);
  await press(staff.callbacks.take);
  await expect(desk.page.locator(".notice")).toContainText(problems["taken-by-another"]);
  await expect(waiting).toContainText(staff.callbacks.takenBy(other.me.number));
  await wallet.advance(3_600);
  await press(staff.callbacks.takeOver);
  const number = waiting.getByRole("link", { name: "+86 190 0000 0001" });
  await expect(number).toHaveAttribute("href", `tel:${CUSTOMER.liNa}`);
  await expect(number).toBeFocused();
  const phrase = await waiting.locator("[data-phrase]").getAttribute("data-phrase");
  expect(text, "what the agent says first is what the customer was shown").toContain(phrase ?? "no phrase");
  await expect(waiting).toContainText(staff.callbacks.yours);
  for (const colorScheme of ["light", "dark"] as const) {
    await desk.page.emulateMedia({ colorScheme });
    await axe(desk.page, `taken, ${colorScheme}`);
  }
  expect((await other.request("POST", `/api/v1/callbacks/${reference}/finish`)).status).toBe(409);
  await press(staff.callbacks.finish);
  await press(staff.callbacks.finishAgain);
  await expect(desk.page.getByText(staff.callbacks.none)).toBeVisible();
  expect(await agent.get(`/api/v1/cases/${reference}`)).toMatchObject({ state: "closed" });
  expect(await agent.get("/api/v1/callbacks")).toEqual([]);
});

for (const language of LANGUAGES) {
  test(`the pages of hours and waits, ${language}`, async ({ world }) => {
    const wallet = new Wallet(world.hotline);
    const { page } = await world.tab(0, { locale: language });
    const open = (path: string) => page.goto(`${world.hotline.origin}${path}`);
    await open(`/help/hours?lang=${language}`);
    await axeInBothThemes(page, "open");
    await page.locator("input[name=day]").fill(holiday);
    await page.getByRole("button").click();
    await expect(page).toHaveURL(new RegExp(`day=${holiday}`));
    await axeInBothThemes(page, "a holiday");
    await open("/help/hours?day=2051-01-01");
    await expect(page.locator("main")).toContainText("2051");
    await axeInBothThemes(page, "not announced");
    await open("/help/hours?day=tomorrow");
    await expect(page.getByRole("alert")).not.toBeEmpty();
    await axeInBothThemes(page, "no day");
    await open("/help/wait");
    await axeInBothThemes(page, "cannot say");
    await wallet.hold("8000", "closed");
    const closed = await page.locator(".wait").getAttribute("data-closed");
    await until("the page says that nobody is there", async () => ((await page.locator(".wait").textContent())?.includes(closed ?? "?") ? true : null), 30);
    await open("/help/hours");
    await axeInBothThemes(page, "closed");
  });
}
