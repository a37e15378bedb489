// What agents and supervisors do with a call at hand, measured at the ears of everybody on it: hold, transfer, a conversation of three,
// and a supervisor who is heard by whom they choose.

import { axeInBothThemes } from "../src/axe.ts";
import { DeskPage } from "../src/desk-page.ts";
import type { RtpPeer } from "../src/rtp-peer.ts";
import { AUDIBLE_RMS, rms, share } from "../src/sound.ts";
import { expect, TONE, test, type World } from "../src/test.ts";
import { until } from "../src/wait.ts";

/** The supervisor's microphone. */
const SUPERVISOR_HZ = 1700;

/** Of two tones at once each has about half of the energy, unless a browser levels its microphone; of one that is not heard, nothing. */
const TOGETHER = 0.08;

/** A caller who speaks with `agent1` at a desk. */
async function talking(world: World) {
  const desk = await world.desk("agent1");
  await desk.ready();
  const caller = await world.call({ tone: TONE.sipCaller });
  await caller.press("20");
  await desk.answer();
  await Promise.all([desk.tab.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.browserAgent)]);
  return { desk, caller };
}

/** Resolves once all of these tones are heard at once. */
async function untilTones(rtp: RtpPeer, ...tones: number[]): Promise<void> {
  rtp.forget();
  const shares = () => tones.map((hz) => share(rtp.lately, hz));
  const all = () => rtp.lately.length > 3_000 && shares().every((part) => part > TOGETHER);
  await until(`tones of ${tones.join(" and ")} Hz are heard`, all, 20, () => shares().map((part) => part.toFixed(2)).join(", "));
}

/** Half a second in which a tone has no part. */
async function notHeard(rtp: RtpPeer, hz: number): Promise<void> {
  rtp.forget();
  await until("half a second was heard", () => rtp.lately.length >= 4_000, 20);
  expect(share(rtp.lately, hz), `${hz} Hz is not heard`).toBeLessThan(0.05);
}

test("a customer on hold hears music within a second, and both hear each other again", async ({ world }) => {
  const { desk, caller } = await talking(world);
  const { hold } = desk.words.staff;
  await desk.button(hold.hold).click();
  await desk.becomes("hold");
  caller.rtp.forget();
  await until("a second was heard", () => caller.rtp.heard.length >= 8_000, 20);
  expect(rms(caller.rtp.heard), "never silence").toBeGreaterThan(AUDIBLE_RMS);
  await notHeard(caller.rtp, TONE.browserAgent);
  await axeInBothThemes(desk.page, "on hold");
  await desk.page.keyboard.press("Alt+h");
  await desk.becomes("talking");
  await Promise.all([desk.tab.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.browserAgent)]);
  await caller.hangUp();
  await desk.becomes("wrap_up");
});

test("a call is handed to an agent with a phone, and both hear each other", async ({ world }) => {
  const { desk, caller } = await talking(world);
  const { transfer } = desk.words.staff;
  const { agent, phone } = await world.agentWithPhone("agent2");
  await desk.page.keyboard.press("Alt+t");
  const number = agent.me.number;
  await expect(desk.button(transfer.handOverTo(number))).toBeEnabled();
  await axeInBothThemes(desk.page, "where to hand a call on");
  await desk.button(transfer.handOverTo(number)).click();
  await phone.rings();
  await phone.decline();
  await expect(desk.page.getByText(transfer.notCome.declined(number))).toBeVisible();

  await desk.page.keyboard.press("Alt+t");
  await desk.button(transfer.handOverTo(number)).click();
  await phone.rings();
  await caller.rtp.untilSound();
  await phone.answer(TONE.sipAgent);
  await Promise.all([phone.rtp.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.sipAgent)]);
  await desk.becomes("wrap_up");
  await caller.hangUp();
  const lead = await world.staff("lead1");
  const contact = await lead.untilContact("with its end", (each) => each.ended_at !== null);
  const handed = (await lead.timeline(contact.id)).filter((entry) => entry.kind === "transferred");
  expect(handed.map((entry) => entry.outcome)).toEqual(["declined", "completed"]);
});

test("agents speak alone, then all three, and the first one leaves the call to the others", async ({ world }) => {
  const { desk, caller } = await talking(world);
  const { transfer } = desk.words.staff;
  const { agent, phone } = await world.agentWithPhone("agent2");
  await desk.page.keyboard.press("Alt+t");
  await desk.button(transfer.speakFirstTo(agent.me.number)).click();
  await phone.rings();
  await phone.answer(TONE.sipAgent);
  await Promise.all([desk.tab.untilTone(TONE.sipAgent), phone.rtp.untilTone(TONE.browserAgent)]);
  await notHeard(caller.rtp, TONE.browserAgent);
  await notHeard(caller.rtp, TONE.sipAgent);
  await notHeard(phone.rtp, TONE.sipCaller);

  await desk.button(transfer.join).click();
  await untilTones(caller.rtp, TONE.browserAgent, TONE.sipAgent);
  await untilTones(phone.rtp, TONE.browserAgent, TONE.sipCaller);
  await axeInBothThemes(desk.page, "three on a call");

  await desk.button(transfer.leave).click();
  await desk.becomes("wrap_up");
  await Promise.all([phone.rtp.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.sipAgent)]);
  await caller.hangUp();
  await phone.endedByThem();
});

test("a supervisor is heard by nobody, by the agent, by both, and takes the call over", async ({ world }) => {
  const { desk, caller } = await talking(world);
  const lead = await DeskPage.open(await world.tab(SUPERVISOR_HZ), world.hotline, "lead1", "en");
  const { supervisor } = lead.words.staff;
  const number = (await world.staff("agent1")).me.number;
  const leadNumber = (await world.staff("lead1")).me.number;
  await axeInBothThemes(lead.page, "the calls of one's agents");
  await lead.button(supervisor.listenTo(number)).click();
  await expect(desk.page.getByText(supervisor.parts.listens(leadNumber))).toBeVisible();
  await lead.tab.untilSound();
  await notHeard(caller.rtp, SUPERVISOR_HZ);
  await axeInBothThemes(lead.page, "listening");

  await lead.button(supervisor.modes.whispers).click();
  await expect(desk.page.getByText(supervisor.parts.whispers(leadNumber))).toBeVisible();
  await notHeard(caller.rtp, SUPERVISOR_HZ);
  await lead.button(supervisor.modes.barges).click();
  await expect(desk.page.getByText(supervisor.parts.barges(leadNumber))).toBeVisible();
  await untilTones(caller.rtp, SUPERVISOR_HZ, TONE.browserAgent);

  await lead.button(supervisor.takeOver).click();
  await desk.becomes("wrap_up");
  await Promise.all([lead.tab.untilTone(TONE.sipCaller), caller.rtp.untilTone(SUPERVISOR_HZ)]);
  await caller.hangUp();
  await lead.becomes("wrap_up");
});
