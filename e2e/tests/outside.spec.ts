// A call is handed on to a number outside, which a carrier rings: who hears whom is measured on every side, and what the far end says, and
// how it ended, is on the agent's screen and in the record.

import { axeInBothThemes } from "../src/axe.ts";
import { BANK, listed, OUTSIDE_NUMBER } from "../src/carrier.ts";
import { DeskPage } from "../src/desk-page.ts";
import type { RtpPeer } from "../src/rtp-peer.ts";
import { freeUdpPort } from "../src/sipp.ts";
import { share } from "../src/sound.ts";
import { expect, TONE, test, type World } from "../src/test.ts";
import { until } from "../src/wait.ts";

let carrier = 0;

test.use({
  options: async ({}, use) => {
    carrier = await freeUdpPort();
    await use({ config: listed(carrier) });
  },
});

/** A caller who speaks with `agent1` at a desk, and somebody outside who waits for calls. */
async function talking(world: World) {
  const far = await world.outside(carrier);
  const desk = await world.desk("agent1");
  await desk.ready();
  const caller = await world.call({ tone: TONE.sipCaller });
  await caller.press("20");
  await desk.answer();
  await Promise.all([desk.tab.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.browserAgent)]);
  return { desk, caller, far };
}

/** Half a second in which a tone has no part. */
async function notHeard(rtp: RtpPeer, hz: number): Promise<void> {
  rtp.forget();
  await until("half a second was heard", () => rtp.lately.length >= 4_000, 20);
  expect(share(rtp.lately, hz), `${hz} Hz is not heard`).toBeLessThan(0.05);
}

test("spoken with first, then left to the customer: a busy far end comes back with its reason", async ({ world }) => {
  const { desk, caller, far } = await talking(world);
  const { transfer } = desk.words.staff;
  await desk.page.keyboard.press("Alt+t");
  await expect(desk.page.getByText(OUTSIDE_NUMBER)).toBeVisible();
  await axeInBothThemes(desk.page, "where to hand a call on, outside");
  await desk.button(transfer.speakFirstOutside(BANK.en)).click();
  const shown = await far.rings();
  expect(shown, "the line that was called is shown").toContain("8000");
  expect(shown, "nothing of the customer").not.toContain(caller.number.slice(-8));
  await expect(desk.page.getByText(transfer.ringing(BANK.en))).toBeVisible();
  await far.decline();
  await expect(desk.page.getByText(transfer.outsideNotCome.busy(BANK.en))).toBeVisible();

  await desk.page.keyboard.press("Alt+t");
  await desk.button(transfer.speakFirstOutside(BANK.en)).click();
  await far.rings();
  await far.answer(TONE.sipAgent);
  await Promise.all([desk.tab.untilTone(TONE.sipAgent), far.rtp.untilTone(TONE.browserAgent)]);
  await caller.rtp.untilSound();
  await notHeard(caller.rtp, TONE.sipAgent);
  await notHeard(far.rtp, TONE.sipCaller);
  await axeInBothThemes(desk.page, "speaking with somebody outside");
  await desk.page.getByText(desk.words.staff.keypad.heading).click();
  await desk.button(desk.words.staff.keypad.key("7")).click();
  await until("the key is heard outside", () => far.rtp.keysHeard === "7", 20, () => far.rtp.keysHeard);
  expect(caller.rtp.keysHeard, "and nowhere else").toBe("");

  await desk.button(transfer.join).click();
  await Promise.all([untilPart(caller.rtp, TONE.sipAgent), untilPart(far.rtp, TONE.sipCaller)]);
  await desk.button(transfer.leave).click();
  await desk.becomes("wrap_up");
  await Promise.all([far.rtp.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.sipAgent)]);
  await far.hangUp();
  await caller.endedByThem();

  const lead = await world.staff("lead1");
  const contact = await lead.untilContact("with its end", (each) => each.ended_at !== null);
  expect(contact.disposition).toBe("transferred");
  expect(contact.legs.map((leg) => leg.outside ?? "").filter(Boolean)).toEqual(["bank", "bank"]);
  const lines = await lead.timeline(contact.id);
  expect(lines.filter((line) => line.kind === "transferred").map((line) => [line.to, line.mode, line.outcome])).toEqual([
    ["bank", "attended", "busy"],
    ["bank", "attended", "completed"],
  ]);
  expect(lines.filter((line) => line.kind === "outside").map((line) => line.what)).toEqual(["answered", "joined", "left"]);
  expect(lines.at(-1)).toMatchObject({ kind: "ended", by: "outside" });
});

/** Resolves once this tone has a part in what is heard, beside others. */
async function untilPart(rtp: RtpPeer, hz: number): Promise<void> {
  rtp.forget();
  const part = () => share(rtp.lately, hz);
  await until(`${hz} Hz is heard among others`, () => rtp.lately.length > 3_000 && part() > 0.08, 20, () => part().toFixed(2));
}

test("handed on at once: music until the far end answers, then both hear each other, no agent is left, and whoever leads them may end it", async ({ world }) => {
  const { desk, caller, far } = await talking(world);
  const { transfer, supervisor } = desk.words.staff;
  const lead = await DeskPage.open(await world.tab(), world.hotline, "lead1", "en");
  await desk.page.keyboard.press("Alt+t");
  await desk.button(transfer.handOverOutside(BANK.en)).click();
  await far.rings();
  await caller.rtp.untilSound();
  await notHeard(caller.rtp, TONE.browserAgent);
  await far.answer(TONE.sipAgent);
  await desk.becomes("wrap_up");
  await Promise.all([far.rtp.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.sipAgent)]);
  await expect(lead.page.getByText(supervisor.withoutAgent)).toBeVisible();
  await expect(lead.page.getByText(transfer.outsideParty(BANK.en))).toBeVisible();
  await axeInBothThemes(lead.page, "a call without an agent");
  await expect(lead.page.getByText(supervisor.unheard)).toBeVisible();
  const api = await world.staff("lead1");
  const contact = await api.untilContact("alone with them", (each) => each.ended_at === null);
  const listens = await api.request("POST", `/api/v1/contacts/${contact.id}/monitor`, { mode: "listen" });
  expect([listens.status, ((await listens.json()) as { type: string }).type.split("/").at(-1)]).toEqual([409, "no-agent"]);
  await lead.button(supervisor.endCall).click();
  await lead.button(supervisor.endAgain).click();
  await Promise.all([caller.endedByThem(), far.endedByThem()]);
  await expect(lead.page.getByText(supervisor.withoutAgent)).toBeHidden();
  await api.untilContact("with its end", (each) => each.ended_at !== null);
  expect((await api.timeline(contact.id)).at(-1)).toMatchObject({ kind: "ended", by: "supervisor", disposition: "transferred" });
});

test("nobody is called whom the configuration does not name, and nobody of another wallet's", async ({ world }) => {
  const { desk, caller } = await talking(world);
  const agent = await world.staff("agent1");
  const contact = await agent.untilContact("at hand", (each) => each.ended_at === null);
  for (const outside of [OUTSIDE_NUMBER, "bank ", "police"]) {
    const response = await agent.request("POST", `/api/v1/contacts/${contact.id}/transfer`, { to: { outside }, mode: "blind" });
    expect([response.status, ((await response.json()) as { type: string }).type.split("/").at(-1)]).toEqual([409, "unknown-target"]);
  }
  await caller.hangUp();
  await desk.becomes("wrap_up");
});
