// The shipped flow, key by key, in both languages: what the keys lead to is read in the record, what was said in the timeline.

import { pressAndHear } from "../src/help.ts";
import { expect, test, type World } from "../src/test.ts";
import type { Contact, TimelineEntry } from "../src/staff.ts";
import type { SipCaller } from "../src/sipp.ts";
import { until } from "../src/wait.ts";

/** Any key cuts an answer short: one for the answer, one for the sentence before the queue. */
const SHORT = ["77"];
/** A number, and three codes that were not sent. */
const GUESSES = ["#", "111111#", "222222#", "333333#"];

/** Keys after the language, the service, the end of the queue's name, and what else is keyed until the call is in the queue. */
const PATHS: [keys: string, service: string | null, queue: string, then?: string[]][] = [
  ["0", null, "general", []],
  ["11", "account", "account"],
  ["12", "account", "account"],
  ["13", "account", "account", ["0"]],
  ["14", "account", "account", ["0"]],
  ["15", "account", "account", ["7", "0"]],
  ["10", "account", "account", []],
  ["21", "transactions", "transactions", GUESSES],
  ["22", "transactions", "transactions", ["777"]],
  ["231", "transactions", "transactions", []],
  ["31", "security", "security"],
  ["32", "security", "security", ["0"]],
  ["33", "security", "security"],
  ["34", "freeze", "security", ["1#", "0"]],
  ["41", "refunds", "refunds"],
  ["42", "refunds", "refunds"],
  ["43", "refunds", "refunds"],
  ["44", "refunds", "refunds"],
  ["51", "features", "features"],
  ["52", "features", "features"],
];

async function queued(world: World, caller: SipCaller): Promise<{ contact: Contact; timeline: TimelineEntry[] }> {
  const lead = await world.staff("lead1");
  const contact = await lead.untilContact("in a queue", (each) => each.queued_at !== null && each.ended_at === null, 90);
  const timeline = await lead.timeline(contact.id);
  await caller.hangUp();
  await lead.untilContact("with its end", (each) => each.id === contact.id && each.ended_at !== null);
  return { contact, timeline };
}

const said = (timeline: TimelineEntry[]) => timeline.filter((entry) => entry.kind === "said");
const keyed = (timeline: TimelineEntry[]) => timeline.filter((entry) => entry.kind === "keyed").map((entry) => String(entry.digits)).join("");

for (const [choice, language] of [["1", "zh-CN"], ["2", "en"]] as const) {
  test(`every key of the main menu leads to its queue, in ${language}`, async ({ world }) => {
    // Twenty calls, one after the other.
    test.setTimeout(300_000);
    for (const [keys, service, queue, then = SHORT] of PATHS) {
      await test.step(`keys ${keys}`, async () => {
        const caller = await world.call();
        await caller.press(choice + keys);
        for (const more of then) {
          await caller.rtp.untilSound();
          await caller.press(more);
        }
        const { contact, timeline } = await queued(world, caller);
        expect(contact.language, keys).toBe(language);
        expect(contact.service, keys).toBe(service);
        expect(timeline.find((entry) => entry.kind === "queued")?.queue, keys).toMatch(new RegExp(`${queue}$`));
        expect(keyed(timeline), keys).toMatch(new RegExp(`^${choice}${keys}`));
        const spoken = said(timeline).filter((entry) => entry.asset !== said(timeline)[0]?.asset);
        const inQueue = spoken.at(-1);
        if (inQueue) expect(inQueue.language, keys).toBe(language);
        await caller.close();
      });
    }
  });
}

test("a key whose work comes later speaks a short answer in the chosen language before it queues", async ({ world }) => {
  const caller = await world.call();
  await caller.press("251");
  const { timeline } = await queued(world, caller);
  const before = timeline.slice(0, timeline.findIndex((entry) => entry.kind === "queued"));
  const answer = said(before).at(-1);
  expect(answer).toMatchObject({ language: "en" });
  expect(String(answer?.words).split(" ").length, "a sentence, not a word").toBeGreaterThan(5);
});

test("9 is taken from the first packet on, and whoever asks for a person there has top priority", async ({ world }) => {
  const caller = await world.call();
  await pressAndHear(caller, "9");
  await pressAndHear(caller, "1#");
  await caller.press("0");
  const { contact, timeline } = await queued(world, caller);
  expect(contact.service).toBe("freeze");
  expect(keyed(timeline)).toBe("910");
  expect(said(timeline).map((entry) => entry.asset)).toEqual(expect.arrayContaining(["freeze.own", "freeze.confirm"]));
  expect(timeline.filter((entry) => entry.kind === "wallet_act"), "nothing was confirmed").toEqual([]);
});

test("9 is taken in every menu", async ({ world }) => {
  for (const keys of ["29", "129", "219", "2239"]) {
    const caller = await world.call();
    await pressAndHear(caller, keys);
    await pressAndHear(caller, "1#");
    await caller.press("0");
    const { contact } = await queued(world, caller);
    expect(contact.service, keys).toBe("freeze");
    await caller.close();
  }
});

test("9 is taken in the queue, before the agent", async ({ world }) => {
  const caller = await world.call();
  await caller.press("210");
  const lead = await world.staff("lead1");
  const waiting = await lead.untilContact("in the queue", (each) => each.queued_at !== null);
  expect(waiting.service).toBe("account");
  await pressAndHear(caller, "9");
  await pressAndHear(caller, "1#");
  await caller.press("0");
  const contact = await lead.untilContact("that is urgent", (each) => each.id === waiting.id && each.service === "freeze");
  const timeline = await until("it is in the queue again", async () => {
    const lines = await lead.timeline(contact.id);
    return lines.filter((entry) => entry.kind === "queued").length === 2 ? lines : null;
  });
  expect(timeline.filter((entry) => entry.kind === "queued").map((entry) => entry.queue)).toEqual(["jinqiao-account", "jinqiao-security"]);
  await caller.hangUp();
});

test("in an entry 9 and 0 are digits", async ({ world }) => {
  const caller = await world.call();
  const lead = await world.staff("lead1");
  await pressAndHear(caller, "221");
  await pressAndHear(caller, "9#");
  await pressAndHear(caller, "0#");
  await pressAndHear(caller, "**");
  await caller.press("0");
  const contact = await lead.untilContact("in the queue", (each) => each.queued_at !== null);
  const timeline = await lead.timeline(contact.id);
  expect(said(timeline).map((entry) => entry.asset)).toContain("verify.phone.wrong");
  expect(contact.service).not.toBe("freeze");
  expect(timeline.find((entry) => entry.kind === "queued")?.queue).toBe("jinqiao-general");
  await caller.hangUp();
});

test("a caller who keyed 9 is offered before those who waited longer", async ({ world }) => {
  const first = await world.call();
  await first.press("20");
  const lead = await world.staff("lead1");
  await lead.untilContact("in the queue", (each) => each.queued_at !== null);
  const urgent = await world.call();
  await pressAndHear(urgent, "9");
  await pressAndHear(urgent, "1#");
  await urgent.press("0");
  await lead.untilContact("that is urgent, in the queue", (each) => each.queued_at !== null && each.service === "freeze", 90);
  const { phone } = await world.agentWithPhone("agent1");
  await phone.rings();
  await phone.answer(900);
  await urgent.rtp.untilTone(900);
  expect(first.rtp.hears(900)).toBe(false);
});

test("* says the menu again and # goes back", async ({ world }) => {
  const caller = await world.call();
  await caller.press("2");
  await caller.press("1*");
  await caller.press("#");
  await caller.press("50");
  const { contact, timeline } = await queued(world, caller);
  expect(contact.service).toBe("features");
  expect(keyed(timeline)).toBe("21*#50");
  const assets = said(timeline).map((entry) => entry.asset);
  expect(new Set(assets).size, "the same prompts are said again").toBeLessThan(assets.length);
});

test("three wrong keys lead to a person", async ({ world }) => {
  const caller = await world.call();
  await caller.press("2");
  await caller.press("777");
  const { contact } = await queued(world, caller);
  expect(contact.queued_at).not.toBeNull();
});

test("digits faster than a prompt are all taken, and interrupt it", async ({ world }) => {
  const caller = await world.call();
  await caller.press("251");
  const { timeline } = await queued(world, caller);
  expect(keyed(timeline)).toBe("251");
  expect(said(timeline)[0]).toMatchObject({ interrupted_by: "key" });
});

test("without a key the line's first language is taken and the call still reaches a person", async ({ world }) => {
  test.setTimeout(300_000);
  const caller = await world.call({ line: "8001" });
  const lead = await world.staff("lead1");
  const contact = await lead.untilContact("in a queue without a key", (each) => each.queued_at !== null, 240);
  expect(contact.language).toBe("en");
  await caller.hangUp();
});
