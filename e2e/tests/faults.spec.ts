// What happens when the program or its surroundings break in the middle of a call: it goes on, or comes back, and the record holds.

import { existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Postgres } from "../src/postgres.ts";
import { SqliteLock } from "../src/sqlite-lock.ts";
import { expect, TONE, test, type World } from "../src/test.ts";
import { until } from "../src/wait.ts";

test("after kill -9 in mid-call open contacts are closed as dropped and both phones see their call end", async ({ world }) => {
  const { phone } = await world.agentWithPhone("agent1");
  const caller = await world.call({ tone: TONE.sipCaller });
  await caller.press("20");
  await phone.rings();
  await phone.answer(TONE.sipAgent);
  await Promise.all([phone.rtp.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.sipAgent)]);
  const finished = await world.call();
  await finished.press("1");
  await finished.hangUp();
  const before = await world.staff("lead1");
  const kept = await before.untilContact("that ended", (each) => each.ended_at !== null);

  await world.hotline.crash();
  await world.hotline.run();
  // A peer is told within 30 s of the restart; the limit here leaves room for a busy machine.
  await Promise.all([caller.endedByThem(60), phone.endedByThem(60)]);
  const lead = await world.staff("lead1");
  const contacts = await lead.contacts();
  const dropped = contacts.find((each) => each.disposition === "dropped");
  expect(dropped?.ended_at).not.toBeNull();
  expect(contacts.find((each) => each.id === kept.id), "what was committed is kept").toEqual(kept);
  expect(contacts.every((each) => each.ended_at !== null), "nothing is left open").toBe(true);
  const timeline = await lead.timeline(dropped?.id ?? "");
  expect(timeline.filter((entry) => entry.kind === "ended")).toHaveLength(1);

  const next = await world.call();
  await next.rtp.untilSound();
  await next.hangUp();
});

test("an agent's phone rings after a restart without registering again", async ({ world }) => {
  const { phone } = await world.agentWithPhone("agent1");
  await world.hotline.crash();
  await world.hotline.run();
  const agent = await world.staff("agent1");
  await agent.ready();
  const caller = await world.call();
  await caller.press("20");
  await phone.rings();
  await phone.answer(900);
  await caller.rtp.untilTone(900);
  await caller.hangUp();
});

test("a ringing phone stops by itself after a crash", async ({ world }) => {
  const { phone } = await world.agentWithPhone("agent1");
  const caller = await world.call();
  await caller.press("20");
  await phone.rings();
  await world.hotline.crash();
  await world.hotline.run();
  const lead = await world.staff("lead1");
  await lead.untilContact("that was dropped", (each) => each.disposition === "dropped");
  await caller.endedByThem(60);
});

test("SIGTERM takes no new calls, lets the live one end, saves and exits 0", async ({ world }) => {
  const { phone } = await world.agentWithPhone("agent1");
  const caller = await world.call({ tone: TONE.sipCaller });
  await caller.press("20");
  await phone.rings();
  await phone.answer(TONE.sipAgent);
  await caller.rtp.untilTone(TONE.sipAgent);
  world.hotline.signal("SIGTERM");
  await until("it says that it takes no calls", async () => {
    const ready = await fetch(`${world.hotline.origin}/readyz`).then((response) => response.status, () => 0);
    return ready !== 200;
  });
  expect(await (await world.dial()).refused()).toBe(503);
  await caller.rtp.untilTone(TONE.sipAgent);
  await caller.hangUp();
  expect(await world.hotline.ended()).toBe(0);
  await world.hotline.run();
  const lead = await world.staff("lead1");
  const [contact] = await lead.contacts();
  expect(contact?.ended_at).not.toBeNull();
  expect(contact?.disposition).not.toBe("dropped");
});

test("SIGTERM ends a call that does not end by itself, and exits 0", async ({ world }) => {
  const caller = await world.call();
  await caller.rtp.untilSound();
  world.hotline.signal("SIGTERM");
  await caller.endedByThem(60);
  expect(await world.hotline.ended()).toBe(0);
});

/** A call is up; the database stops answering and comes back; meanwhile calls are taken, and afterwards all is on record. */
async function outage(world: World, stop: () => Promise<void>, goOn: () => Promise<void>): Promise<void> {
  const { phone } = await world.agentWithPhone("agent1");
  const caller = await world.call({ tone: TONE.sipCaller });
  await caller.press("20");
  await phone.rings();
  await phone.answer(TONE.sipAgent);
  await caller.rtp.untilTone(TONE.sipAgent);
  await stop();
  try {
    await Promise.all([phone.rtp.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.sipAgent)]);
    const during = await world.call();
    await during.rtp.untilSound();
    await during.hangUp();
    await Promise.all([phone.rtp.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.sipAgent)]);
  } finally {
    await goOn();
  }
  await caller.hangUp();
  await phone.endedByThem();
  const lead = await until("staff can log in again", () => world.staff("lead1").catch(() => null), 60);
  await lead.untilContact("with its conversation", (each) => each.connected_at !== null && each.ended_at !== null, 60);
  const again = await world.call();
  await again.rtp.untilSound();
  await again.hangUp();
}

test("when SQLite stops taking writes, calls go on and are on record afterwards", async ({ world }) => {
  let lock: SqliteLock | undefined;
  const stop = async () => {
    lock = await SqliteLock.take(world.hotline);
  };
  const goOn = async () => lock?.release();
  await outage(world, stop, goOn);
});

test.describe("on PostgreSQL", () => {
  const postgres = { current: undefined as Postgres | undefined };
  test.use({
    options: async ({}, use) => {
      const cluster = await Postgres.start();
      postgres.current = cluster;
      await use({ env: { WALLETLINE_STORE_URL: cluster.url } });
      await cluster.stop();
    },
  });

  test("when PostgreSQL stops answering, calls go on and are on record afterwards", async ({ world }) => {
    await outage(world, async () => postgres.current?.halt(), async () => postgres.current?.goOn());
  });
});

test("a database that is gone at the start is one line and exit 1", async ({ world }) => {
  const { hotline } = world;
  hotline.signal("SIGTERM");
  await hotline.ended();
  const data = join(hotline.folder, "data");
  renameSync(data, `${data}.gone`);
  writeFileSync(data, "not a folder");
  const refused = hotline.refusal();
  expect(refused.status).toBe(1);
  expect(refused.stderr.trim().split("\n").length).toBe(1);
  expect(existsSync(`${data}.gone/walletline.db`)).toBe(true);
});
