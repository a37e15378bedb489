// What a caller hears first, measured in the audio itself and compared with the published prompts.

import { likeness, published, type Said, SAME } from "../src/published.ts";
import { find, longestSilenceMs, RATE_HZ, readWav, soundBegins } from "../src/sound.ts";
import { expect, test } from "../src/test.ts";
import { until } from "../src/wait.ts";

for (const [line, first, second] of [["8000", "zh-CN", "en"], ["8001", "en", "zh-CN"]] as const) {
  test(`line ${line} greets within 5 s of sound, in ${first} first and then in ${second}, as published`, async ({ world }) => {
    const caller = await world.call({ line });
    const lead = await world.staff("lead1");
    await until("the greeting is heard", () => caller.rtp.heard.length > RATE_HZ * 25, 60);
    await caller.hangUp();
    const contact = await lead.untilContact("with its end", (each) => each.ended_at !== null);
    const timeline = await lead.timeline(contact.id);
    const said = timeline.filter((entry): entry is Said => entry.kind === "said");
    expect(said.map((entry) => entry.language).slice(0, 2)).toEqual([first, second]);

    const { heard } = caller.rtp;
    expect(soundBegins(heard), "sound begins within 5 s").toBeLessThan(RATE_HZ * 5);
    let last = -1;
    for (const entry of said.slice(0, 4)) {
      expect(entry.words.length).toBeGreaterThan(0);
      const clip = await published(world.hotline, entry.asset, entry.language);
      // What nobody answered is said once more: it is looked for after what came before it.
      const from = Math.max(0, last);
      const at = from + find(clip, heard.subarray(from)).at;
      if (entry.interrupted_by !== null) continue;
      expect(likeness(clip, heard), `${entry.asset} in ${entry.language}`).toBeGreaterThan(SAME);
      expect(at, "in the order of the timeline").toBeGreaterThan(last);
      last = at;
    }
    expect(longestSilenceMs(heard), "silence while somebody waits for words").toBeLessThan(2000 + 5000);
  });
}

test("the greeting names the wallet and says that 9 freezes an account at any moment", async ({ world }) => {
  const caller = await world.call({ line: "8001" });
  const lead = await world.staff("lead1");
  await until("the greeting is heard", () => caller.rtp.heard.length > RATE_HZ * 12, 60);
  await caller.hangUp();
  const contact = await lead.untilContact("with its end", (each) => each.ended_at !== null);
  const words = (await lead.timeline(contact.id)).filter((entry) => entry.kind === "said").map((entry) => String(entry.words)).join(" ");
  expect(words).toContain("Harbor Pay");
  expect(words.toLowerCase()).toMatch(/freeze/);
});

test("music is heard in the queue without a silence over 2 s, and the position is announced", async ({ world }) => {
  const caller = await world.call();
  await caller.press("20");
  const lead = await world.staff("lead1");
  const contact = await lead.untilContact("in the queue", (each) => each.queued_at !== null);
  caller.rtp.forget();
  await until("twenty seconds in the queue", () => caller.rtp.heard.length > RATE_HZ * 20, 60);
  expect(longestSilenceMs(caller.rtp.heard)).toBeLessThanOrEqual(2000);
  const music = await fetch(`${world.hotline.origin}/demo/api/prompts/music/en.wav`);
  expect(music.status, "the music is published").toBe(200);
  expect(find(readWav(Buffer.from(await music.arrayBuffer())), caller.rtp.heard).likeness, "the published music is heard").toBeGreaterThan(SAME);
  await caller.hangUp();
  await lead.untilContact("with its end", (each) => each.ended_at !== null);
  const timeline = await lead.timeline(contact.id);
  expect(timeline.find((entry) => entry.kind === "queued")).toMatchObject({ position: 1 });
  const after = timeline.slice(timeline.findIndex((entry) => entry.kind === "queued"));
  expect(after.some((entry) => entry.kind === "said"), "a place in the queue is said").toBe(true);
});
