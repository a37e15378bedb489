// Somebody outside on a call that is recorded: they hear the notice before anybody hears them, and are on the recording from then on; whoever
// presses 8 is on the call and not on the recording.

import { BANK, listed } from "../src/carrier.ts";
import { lines } from "../src/help.ts";
import { likeness, published, SAME } from "../src/published.ts";
import { RECORDED, recorded, sound, tenthsOf, untilRecording } from "../src/recorded.ts";
import { freeUdpPort } from "../src/sipp.ts";
import { rms } from "../src/sound.ts";
import { expect, TONE, test, type World } from "../src/test.ts";
import { until } from "../src/wait.ts";

/** Of whoever is outside. */
const OUTSIDE_HZ = 1700;

/** The manifest counts whole milliseconds; a span begins and ends within a packet. */
const EDGE = 320;

type Manifest = {
  masked: { from_ms: number; to_ms: number }[];
  outside_told: { to: string; language: string; version: string; heard_at: string; declined: boolean }[];
};

let carrier = 0;

test.use({
  options: async ({}, use) => {
    carrier = await freeUdpPort();
    await use({ config: RECORDED + listed(carrier) });
  },
});

/** A recorded caller who speaks with `agent1` at a desk, and somebody outside who waits for calls. */
async function talking(world: World) {
  const far = await world.outside(carrier);
  const lead = await world.staff("lead1");
  const desk = await world.desk("agent1");
  await desk.ready();
  const caller = await world.call({ tone: TONE.sipCaller });
  const contact = await recorded(caller, lead);
  await caller.press("0");
  await desk.answer();
  await Promise.all([desk.tab.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.browserAgent)]);
  return { desk, caller, far, lead, contact };
}

test("the notice is heard outside before anybody hears them, and stands in the record", async ({ world }) => {
  const { desk, caller, far, lead, contact } = await talking(world);
  const { transfer } = desk.words.staff;
  await desk.page.keyboard.press("Alt+t");
  await desk.button(transfer.speakFirstOutside(BANK.en)).click();
  await far.rings();
  await far.answer(OUTSIDE_HZ);
  await expect(desk.page.getByText(transfer.told(BANK.en))).toBeVisible();
  const notice = await published(world.hotline, "recording.notice", "en");
  await desk.tab.untilTone(OUTSIDE_HZ);
  expect(likeness(notice, far.rtp.heard), "the notice is what they heard first").toBeGreaterThan(SAME);
  await far.rtp.untilTone(TONE.browserAgent);

  await desk.button(transfer.join).click();
  await desk.button(transfer.leave).click();
  await Promise.all([far.rtp.untilTone(TONE.sipCaller), caller.rtp.untilTone(OUTSIDE_HZ)]);
  caller.rtp.forget();
  await until("two seconds are talked", () => caller.rtp.heard.length > 2 * 8000);
  await far.hangUp();
  await caller.endedByThem();
  await untilRecording(lead, contact.id);

  const timeline = await lead.timeline(contact.id);
  const told = lines(timeline, "outside_told");
  const kinds = timeline.filter((line) => ["outside_told", "outside"].includes(line.kind)).map((line) => line.what ?? line.kind);
  expect(kinds).toEqual(["outside_told", "answered", "joined", "left"]);
  const { outside_told, masked } = await lead.get<Manifest>(`/api/v1/contacts/${contact.id}/recording/manifest`);
  expect(outside_told).toEqual([
    { to: "bank", language: "en", version: told[0]?.notice, heard_at: told[0]?.at, declined: false },
  ]);
  expect(masked).toEqual([]);
  const [, heard] = await sound(lead, contact.id);
  expect(tenthsOf(heard, OUTSIDE_HZ), "they are on the recording").toBeGreaterThan(15);
});

test("whoever presses 8 outside is on the call, and the recording has silence while they are", async ({ world }) => {
  const { desk, caller, far, lead, contact } = await talking(world);
  const { transfer } = desk.words.staff;
  await desk.page.keyboard.press("Alt+t");
  await desk.button(transfer.handOverOutside(BANK.en)).click();
  await far.rings();
  await far.answer(OUTSIDE_HZ);
  await far.rtp.press("8");
  await Promise.all([far.rtp.untilTone(TONE.sipCaller), caller.rtp.untilTone(OUTSIDE_HZ)]);
  caller.rtp.forget();
  await until("two seconds are talked", () => caller.rtp.heard.length > 2 * 8000);
  await caller.hangUp();
  await far.endedByThem();
  await untilRecording(lead, contact.id);

  const { outside_told, masked } = await lead.get<Manifest>(`/api/v1/contacts/${contact.id}/recording/manifest`);
  expect(outside_told).toMatchObject([{ to: "bank", declined: true }]);
  expect(masked).toHaveLength(1);
  const [said, heard] = await sound(lead, contact.id);
  expect(tenthsOf(heard, OUTSIDE_HZ), "nothing of them").toBe(0);
  const [from, to] = [(masked[0]?.from_ms ?? 0) * 8 + EDGE, (masked[0]?.to_ms ?? 0) * 8 - EDGE];
  expect(to - from, "as long as they were there").toBeGreaterThan(2 * 8000);
  expect(rms(said.subarray(from, to)), "nor of what is said to them").toBe(0);
});
