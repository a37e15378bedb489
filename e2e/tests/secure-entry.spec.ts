// A code keyed in the middle of a conversation: the agent asks for it and sees how it stands; no ear, no screen and no recording gets
// anything of it. Measured at the agent's browser, at an agent's SIP phone and on the file.

import { axeInBothThemes } from "../src/axe.ts";
import { lines } from "../src/help.ts";
import { RECORDED, recorded, sound, untilRecording } from "../src/recorded.ts";
import { AUDIBLE_RMS, rms, share } from "../src/sound.ts";
import type { Staff } from "../src/staff.ts";
import { expect, TONE, test } from "../src/test.ts";
import { until } from "../src/wait.ts";
import { CUSTOMER, Wallet } from "../src/wallet.ts";

test.use({ options: { config: RECORDED } });

/** A tone of the keypad, as a phone without telephone events sends it. */
const KEY_TONE = 941;

/** The manifest counts whole milliseconds. */
const EDGE = 8;

type Manifest = { masked: { from_ms: number; to_ms: number }[] };

/** The masked spans of a recording, and what is on the customer's channel in and around the first of them. */
async function spans(lead: Staff, id: string) {
  await untilRecording(lead, id);
  const { masked } = await lead.get<Manifest>(`/api/v1/contacts/${id}/recording/manifest`);
  const [said] = await sound(lead, id);
  const [first = { from_ms: 0, to_ms: 0 }] = masked;
  const [from, to] = [first.from_ms * 8, first.to_ms * 8];
  return { masked, before: said.subarray(0, from), within: said.subarray(from + EDGE, to - EDGE), after: said.subarray(to) };
}

test("an agent at a desk has a customer verified, and hears nothing of it", async ({ world }) => {
  const wallet = new Wallet(world.hotline);
  const lead = await world.staff("lead1");
  const desk = await world.desk("agent1");
  const { verification } = desk.words.staff;
  await desk.ready();
  const caller = await world.call({ number: CUSTOMER.liNa, tone: TONE.sipCaller });
  const contact = await recorded(caller, lead);
  await caller.press("0");
  await desk.answer();
  await Promise.all([desk.tab.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.browserAgent)]);

  await desk.page.keyboard.press("Alt+v");
  await expect(desk.page.getByRole("dialog")).toBeVisible();
  await axeInBothThemes(desk.page, "how to verify a customer");
  await desk.page.getByRole("button", { name: verification.send }).click();
  const strip = (state: string) => desk.page.locator(`[data-challenge="${state}"]`);
  await expect(strip("sent")).toBeVisible();
  await until("nothing arrives any more", async () => (await desk.tab.heard()).db < -60);
  await caller.rtp.untilSound();
  await axeInBothThemes(desk.page, "a customer who keys a code");
  caller.rtp.tone(KEY_TONE);
  const ears: number[] = [];
  const code = await wallet.untilCode(CUSTOMER.liNa);
  for (const key of code) {
    await caller.press(key);
    ears.push((await desk.tab.heard()).db);
  }
  await expect(strip("keying")).toBeVisible();
  expect(Math.max(...ears), "nothing is heard while the code is keyed").toBeLessThan(-60);
  caller.rtp.tone(TONE.sipCaller);
  await caller.press("#");
  await expect(strip("verified")).toBeVisible();
  await expect(desk.page.locator('[data-level="A2"]')).toBeVisible();
  await Promise.all([desk.tab.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.browserAgent)]);
  await caller.hangUp();
  await desk.becomes("wrap_up");
  await axeInBothThemes(desk.page, "a customer who was verified");

  const timeline = await lead.timeline(contact.id);
  expect(lines(timeline, "challenged").map((line) => line.outcome)).toEqual(["started", "verified"]);
  expect(lines(timeline, "verified").at(-1)).toMatchObject({ factor: "sms_code", to: "A2" });
  expect(JSON.stringify(timeline), "a code stands in no record").not.toContain(code);
  const audit = await (await world.staff("auditor1")).audit(contact.id);
  expect(audit.map((entry) => entry.action)).toEqual(expect.arrayContaining(["challenge.started", "challenge.verified", "level.raised"]));
  expect(JSON.stringify(audit), "nor in the audit log").not.toContain(code);

  const { masked, before, within, after } = await spans(lead, contact.id);
  expect(masked, "the span is in the manifest").toHaveLength(1);
  expect(share(before.subarray(-8_000), TONE.sipCaller), "the customer is on the file before").toBeGreaterThan(0.5);
  expect(within.length, "the span is as long as the keying").toBeGreaterThan(3 * 8_000);
  expect(rms(within), "and silent").toBeLessThan(AUDIBLE_RMS);
  expect(share(after.subarray(-8_000), TONE.sipCaller), "and the customer after").toBeGreaterThan(0.5);
});

test("three wrong codes lead back to the agent at the same level, and no key reaches a SIP phone", async ({ world }) => {
  const lead = await world.staff("lead1");
  const { agent, phone } = await world.agentWithPhone("agent1");
  const caller = await world.call({ number: CUSTOMER.liNa, tone: TONE.sipCaller });
  const contact = await recorded(caller, lead);
  await caller.press("0");
  await phone.rings();
  await phone.answer(TONE.sipAgent);
  await Promise.all([phone.rtp.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.sipAgent)]);
  const ask = () => agent.request("POST", `/api/v1/contacts/${contact.id}/challenges`, { factor: "sms_code" });
  expect((await ask()).status).toBe(204);
  await caller.rtp.untilSound();
  phone.rtp.forget();
  caller.rtp.tone(KEY_TONE);
  for (const wrong of ["111111#", "222222#"]) {
    await caller.press(wrong);
    await caller.rtp.untilSound();
  }
  await caller.press("333333");
  const heard = phone.rtp.heard.slice();
  caller.rtp.tone(TONE.sipCaller);
  await caller.press("#");
  await Promise.all([phone.rtp.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.sipAgent)]);
  expect(rms(heard), "the agent heard nothing").toBeLessThan(AUDIBLE_RMS);
  expect(phone.rtp.keysHeard, "and got no keys").toBe("");

  const refused = await ask();
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({ type: expect.stringContaining("no-tries-left") });
  expect((await lead.contact(contact.id)).level, "no level is gained").toBe("A1");
  await caller.hangUp();
  const timeline = await lead.timeline(contact.id);
  expect(lines(timeline, "challenged").map((line) => line.outcome)).toEqual(["started", "failed"]);
  expect(JSON.stringify(timeline)).not.toContain("111111");
  const { masked, within } = await spans(lead, contact.id);
  expect(masked).toHaveLength(1);
  expect(rms(within)).toBeLessThan(AUDIBLE_RMS);
});
